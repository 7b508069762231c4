"""CHANGELOG.md, in the form of https://keepachangelog.com/en/1.1.0/."""

import re

_HEADING = re.compile(
    r"^## \[(?P<name>[^\]]+)\](?: - (?P<date>\d{4}-\d\d-\d\d))?$", re.MULTILINE
)


def sections(changelog: str) -> dict[str, str]:
    """Return what is said of each version, newest first; ``Unreleased`` is one of them."""
    found = list(_HEADING.finditer(changelog))
    ends = [heading.start() for heading in found[1:]] + [len(changelog)]
    return {
        heading["name"]: changelog[heading.end() : end].strip()
        for heading, end in zip(found, ends, strict=True)
    }


def notes(changelog: str, version: str) -> str:
    """Return what is said of a version; raise ``ValueError`` when nothing is."""
    if not (said := sections(changelog).get(version)):
        raise ValueError(f"CHANGELOG.md says nothing of {version}")
    return said
