"""What is asked of git."""

from datetime import datetime
import io
from pathlib import Path
import subprocess
import tarfile


def git(folder: Path, *arguments: str) -> bytes:
    """Run git in a folder and return what it prints; raise ``RuntimeError`` with what it complains of."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, check=False
    )
    if done.returncode:
        complaint = done.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"git {arguments[0]} failed: {complaint}")
    return done.stdout


def files(repository: Path, commit: str) -> dict[str, bytes]:
    """Return the files of a commit, whatever has been changed since in the working tree."""
    packed = git(repository, "archive", "--format=tar", commit)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return {
            member.name: content.read()
            for member in archive
            if member.isfile() and (content := archive.extractfile(member))
        }


def commit_time(repository: Path, commit: str) -> datetime:
    """Return when a commit was made."""
    said = git(repository, "show", "--no-patch", "--format=%cI", commit)
    return datetime.fromisoformat(said.decode().strip())
