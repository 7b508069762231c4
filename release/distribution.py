"""A distribution: what one integration's own repository holds, and the zip that is installed from it.

HACS, and the Marketplace of Home Assistant 2026.11, manage one integration per repository
(https://hacs.xyz/docs/publish/integration). This repository has two, so each is given out through a repository of its
own, which holds nothing else: the integration, its readme, its documents, its blueprints, licence, and what the changelog
says of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import io
import json
from pathlib import Path
from typing import Any
import zipfile

from . import changelog
from .links import Page, images
from .project import Project

type Files = Mapping[str, bytes]
"""Contents by path; paths are relative, with slashes."""

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip: the first that the format knows, so that only contents make a difference."""


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """All files of the repository of one integration."""

    domain: str
    files: Files

    @property
    def folder(self) -> str:
        """Where the integration is, with a slash at its end."""
        return f"custom_components/{self.domain}/"

    @property
    def zip_name(self) -> str:
        """What the zip is called; hacs.json names it."""
        return f"{self.domain}.zip"

    def zip(self) -> bytes:
        """Return the zip that HACS unpacks into ``custom_components/<domain>``: the integration's files at its root.

        The same files always are the same bytes. They are not compressed: what a compressor writes differs between
        the versions of its library.
        """
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(self.files):
                if path.startswith(self.folder):
                    member = zipfile.ZipInfo(
                        path.removeprefix(self.folder), date_time=LONG_AGO
                    )
                    member.create_system = 3  # Unix, wherever this runs
                    member.external_attr = 0o100644 << 16
                    archive.writestr(member, self.files[path])
        return packed.getvalue()

    def write(self, folder: Path) -> None:
        """Write all files below ``folder``, which is made."""
        for path, content in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def build(domain: str, source: Files, project: Project) -> Distribution:
    """Return the distribution of ``domain`` from the files of this repository.

    The documents are those that its readme links to, and the images those that these show. Links to what stays behind
    lead to this repository, at the version's tag. The changelog has the entries that concern the integration. Raises
    ``FileNotFoundError`` for a link that leads nowhere, ``ValueError`` for an entry without a subject.
    """
    readme = Page("README.md", source[f"release/readme/{domain}.md"].decode())
    documents = {
        path
        for path in readme.targets()
        if path in source and path.startswith("docs/") and path.endswith(".md")
    }
    pages = [readme, *(Page(path, source[path].decode()) for path in sorted(documents))]
    kept = {
        *(path for path in source if path.startswith(f"custom_components/{domain}/")),
        *(path for path in source if is_blueprint_of(domain, path, source[path])),
        *(path for page in pages for path in images(page) if path in source),
        "LICENSE",
        "CHANGELOG.md",
    }
    files = {path: source[path] for path in kept}
    known = {*kept, *documents, "README.md"}
    for page in pages:
        files[page.path] = page.moved(known, source, project).encode()
    names = {each: _manifest(each, source)["name"] for each in project.mirrors}
    files["CHANGELOG.md"] = changelog.of_integration(
        source["CHANGELOG.md"].decode(), names[domain], names.values()
    ).encode()
    files["hacs.json"] = hacs_json(domain, source, project)
    return Distribution(domain=domain, files=dict(sorted(files.items())))


def is_blueprint_of(domain: str, path: str, content: bytes) -> bool:
    """Return whether a file is a blueprint that works with the entities of an integration."""
    return path.startswith("blueprints/") and (
        f"/{domain}/" in path or f"integration: {domain}".encode() in content
    )


def hacs_json(domain: str, source: Files, project: Project) -> bytes:
    """Return what HACS reads of the repository; the keys are in https://hacs.xyz/docs/publish/start."""
    found = {
        "name": _manifest(domain, source)["name"],
        "homeassistant": project.homeassistant,
        "zip_release": True,
        "filename": f"{domain}.zip",
    }
    return (json.dumps(found, indent=2) + "\n").encode()


def _manifest(domain: str, source: Files) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        source[f"custom_components/{domain}/manifest.json"]
    )
    return found
