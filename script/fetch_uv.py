"""Fetch uv's program from the Python package index with nothing but the standard library.

For Pythons that come without pip and ensurepip (Debian's bare ``python3``). Usage: fetch_uv.py FOLDER
"""

import hashlib
import io
import json
from pathlib import Path
import platform
import sys
from urllib.request import Request, urlopen
import zipfile

INDEX = "https://index.invalid/simple/uv/"


def main(folder: Path) -> None:
    """Write the newest ``uv`` for this machine into ``folder``; raise when there is none."""
    accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
    with urlopen(Request(INDEX, headers=accept), timeout=60) as answer:
        index = json.load(answer)
    machine = platform.machine()
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    system = "macosx" if sys.platform == "darwin" else libc
    wheels = [
        file
        for file in index["files"]
        if file["filename"].endswith(".whl")
        and system in file["filename"]
        and machine in file["filename"]
        and not file.get("yanked")
    ]
    newest = max(wheels, key=lambda file: file.get("upload-time", ""))
    with urlopen(newest["url"], timeout=300) as answer:
        content = answer.read()
    if hashlib.sha256(content).hexdigest() != newest["hashes"]["sha256"]:
        raise SystemExit("error: the download of uv is damaged; try again")
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        for name in wheel.namelist():
            if name.endswith("/scripts/uv"):
                program = folder / "uv"
                program.write_bytes(wheel.read(name))
                program.chmod(0o755)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
