"""A mirror: the git repository through which one integration is given out. Nobody commits to it but a release."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from .distribution import Distribution
from .git import files, git

BRANCH = "main"
AUTHOR = "release"
"""Names the commits of the mirrors; who made the changes is in the history of this repository."""


def publish(
    distribution: Distribution, remote: str, tag: str, message: str, time: datetime
) -> bool:
    """Make ``distribution`` the content of ``remote`` and tag it; return whether there was something to do.

    Published again, the same distribution changes nothing, so a release that broke off can be run again. Raises
    ``RuntimeError`` when the tag is there with other contents, or git fails.
    """
    with TemporaryDirectory() as folder:
        mirror = Path(folder)
        git(mirror, "init", "--quiet", f"--initial-branch={BRANCH}")
        git(mirror, "remote", "add", "origin", remote)
        git(mirror, "fetch", "--quiet", "--tags", "origin")
        if git(mirror, "tag", "--list", tag):
            if files(mirror, tag) != distribution.files:
                raise RuntimeError(f"{remote} has another {tag} already")
            return False
        if git(mirror, "branch", "--remotes", "--list", f"origin/{BRANCH}"):
            git(mirror, "reset", "--quiet", "--soft", f"origin/{BRANCH}")
        distribution.write(mirror)
        # Soft: the mirror's last release is known, none of its files is in the way.
        git(mirror, "read-tree", "--empty")
        git(mirror, "add", "--force", "--all")
        when = time.isoformat()
        git(
            mirror,
            *("-c", f"user.name={AUTHOR}", "-c", "user.email="),
            *("-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"),
            *("commit", "--quiet", "--allow-empty", f"--date={when}", "-m", message),
        )
        git(mirror, "tag", "--no-sign", tag)
        git(mirror, "push", "--quiet", "--atomic", "origin", BRANCH, tag)
        return True
