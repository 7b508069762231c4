"""A small repository with two integrations for the tests of releases."""

import json
from pathlib import Path
import struct
import subprocess
from typing import Any
import zlib

import pytest

from release import git
from release.distribution import Distribution, build
from release.project import Project

SOURCE = "https://git.example/owner/both"


def png(size: int) -> bytes:
    """Return a black square."""
    header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(size * (size + 1)))
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def manifest(domain: str, /, **changed: Any) -> bytes:
    """Return a valid manifest.json."""
    found = {
        "domain": domain,
        "name": domain.title(),
        "codeowners": ["@owner"],
        "config_flow": True,
        "documentation": SOURCE,
        "integration_type": "hub",
        "iot_class": "local_push",
        "issue_tracker": f"{SOURCE}/issues",
        "requirements": [],
        "version": "1.2.3",
    }
    return json.dumps(found | changed).encode()


README = """\
# Lamp

![Lamp](docs/images/lamp.png) [how](docs/lamp.md) [all](docs/) [develop](CONTRIBUTING.md#here) [out](https://git.example)
"""
LAMP = """\
[back](../README.md) [this](#part) [other](horn.md) ![wires](images/wires.png) [code](../custom_components/lamp/__init__.py)
[tests](../tests)
"""


@pytest.fixture
def source() -> dict[str, bytes]:
    """Return the files of the repository."""
    found = {
        "CHANGELOG.md": b"# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n\n- **Lamp**: it shines.\n- **Horn**: it sounds.\n",
        "CONTRIBUTING.md": b"how",
        "LICENSE": b"free",
        "README.md": b"Both.",
        "custom_components/__init__.py": b"",
        "docs/horn.md": b"It sounds.",
        "docs/lamp.md": LAMP.encode(),
        "docs/images/horn.png": png(1),
        "docs/images/lamp.png": png(1),
        "docs/images/wires.png": png(2),
        "blueprints/automation/lamp/dusk.yaml": b"blueprint:",
        "blueprints/automation/horn/noon.yaml": b"blueprint:",
        "release/readme/horn.md": b"# Horn",
        "release/readme/lamp.md": README.encode(),
        "tests/test_lamp.py": b"",
    }
    for domain in "horn", "lamp":
        folder = f"custom_components/{domain}"
        found |= {
            f"{folder}/__init__.py": b"",
            f"{folder}/manifest.json": manifest(domain),
            f"{folder}/brand/icon.png": png(256),
            f"{folder}/brand/icon@2x.png": png(512),
            f"{folder}/brand/logo.png": png(9),
        }
    return found


@pytest.fixture
def project() -> Project:
    """Return the metadata of the repository."""
    return Project(
        version="1.2.3",
        source=SOURCE,
        mirrors={
            "horn": "https://git.example/horn",
            "lamp": "https://git.example/lamp",
        },
        homeassistant="2026.10.0",
    )


@pytest.fixture
def lamp(source: dict[str, bytes], project: Project) -> Distribution:
    """Return the distribution of the lamp."""
    return build("lamp", source, project)


@pytest.fixture
def repository(
    tmp_path: Path, source: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Return a git repository that has the files, committed."""
    for role in "AUTHOR", "COMMITTER":
        monkeypatch.setenv(f"GIT_{role}_NAME", "tester")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "tester@git.example")
    folder = tmp_path / "repository"
    for path, content in source.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    for arguments in ("init", "-q"), ("add", "-A"), ("commit", "-qm", "All"):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


PYPROJECT = """\
[project]
version = "1.2.3"
[project.urls]
Source = "{source}"
[tool.release]
homeassistant = "2026.10.0"
[tool.release.mirrors]
horn = "{mirrors}/horn.git"
lamp = "{mirrors}/lamp.git"
"""


def commit(repository: Path, path: str, content: str) -> None:
    """Commit a file."""
    (repository / path).write_text(content)
    git.git(repository, "add", path)
    git.git(repository, "commit", "-qm", path)


@pytest.fixture
def mirrors(tmp_path: Path, repository: Path) -> Path:
    """Return the folder of two empty mirrors, which the repository names."""
    for name in "horn.git", "lamp.git":
        bare = ["git", "init", "-q", "--bare", "--initial-branch=main"]
        subprocess.run([*bare, tmp_path / name], check=True)
    said = PYPROJECT.format(source=SOURCE, mirrors=tmp_path)
    commit(repository, "pyproject.toml", said)
    return tmp_path
