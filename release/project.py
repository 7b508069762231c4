"""What the project says of itself in pyproject.toml, the one place where it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
import tomllib
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Project:
    """Version and addresses."""

    version: str
    """Of both integrations, ``major.minor.patch``."""

    source: str
    """Where this repository is, an https address without a slash at its end."""

    mirrors: Mapping[str, str]
    """Where the distribution of each integration is, by its domain."""

    homeassistant: str
    """The oldest Home Assistant supported."""

    @classmethod
    def parse(cls, pyproject: str) -> Self:
        """Read pyproject.toml; raise ``KeyError`` for what is missing in it."""
        found = tomllib.loads(pyproject)
        release = found["tool"]["release"]
        return cls(
            version=found["project"]["version"],
            source=found["project"]["urls"]["Source"],
            mirrors=release["mirrors"],
            homeassistant=release["homeassistant"],
        )

    @property
    def tag(self) -> str:
        """The tag of this version, here and in the mirrors."""
        return f"v{self.version}"
