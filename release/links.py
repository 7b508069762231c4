"""Links of Markdown pages, and what becomes of them when pages move to another repository."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
import posixpath
import re

from .project import Project

_LINK = re.compile(r"(?P<before>(?P<image>!?)\[[^\]]*\]\()(?P<target>[^)\s]+)(?=[)\s])")
"""An inline link or image; this repository's pages have no other kind."""

_ELSEWHERE = re.compile(r"^([a-z][a-z0-9+.-]*:|#|/)", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """A Markdown page at a path of the repository."""

    path: str
    text: str

    def links(self) -> Iterator[tuple[bool, str]]:
        """Yield for each link into the repository whether it is an image, and the path that it leads to."""
        for found in _LINK.finditer(self.text):
            if not _ELSEWHERE.match(found["target"]):
                yield bool(found["image"]), self._path(found["target"])

    def targets(self) -> set[str]:
        """Return the paths that links lead to."""
        return {path for _, path in self.links()}

    def moved(
        self, known: Collection[str], source: Collection[str], project: Project
    ) -> str:
        """Return the text for a repository that has the paths ``known``.

        Links to others lead to the repository they were in. Raises ``FileNotFoundError`` for one that is nowhere.
        """

        def follow(found: re.Match[str]) -> str:
            target = found["target"]
            if _ELSEWHERE.match(target) or is_there(self._path(target), known):
                return found[0]
            path, _, section = target.partition("#")
            path = self._path(path)
            if not is_there(path, source):
                raise FileNotFoundError(
                    f"{self.path} links to {path}, which is not there"
                )
            kind = "raw" if found["image"] else "blob" if path in source else "tree"
            anchor = f"#{section}" if section else ""
            return (
                f"{found['before']}{project.source}/{kind}/{project.tag}/{path}{anchor}"
            )

        return _LINK.sub(follow, self.text)

    def _path(self, target: str) -> str:
        target = target.partition("#")[0]
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.path), target))


def images(page: Page) -> set[str]:
    """Return the paths of the images that a page shows."""
    return {path for is_image, path in page.links() if is_image}


def is_there(path: str, files: Collection[str]) -> bool:
    """Return whether a file, or a folder with files, has this path."""
    return path in files or any(file.startswith(f"{path}/") for file in files)
