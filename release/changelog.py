"""CHANGELOG.md, in the form of https://keepachangelog.com/en/1.1.0/, with the subject of each entry in bold."""

from collections.abc import Collection
import re

BOTH = "Both integrations"
"""The subject of entries that concern every integration."""

DEVELOPMENT = "Development"
"""The subject of entries that concern no integration: they stay in the source repository."""

_HEADING = re.compile(
    r"^## \[(?P<name>[^\]]+)\](?: - (?P<date>\d{4}-\d\d-\d\d))?$", re.MULTILINE
)
_SUBJECT = re.compile(r"- \*\*(?P<subject>[^*]+)\*\*: \S")
_EMPTY_GROUP = re.compile(r"^### .*\n+(?=#|\Z)", re.MULTILINE)


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


def of_integration(changelog: str, name: str, names: Collection[str]) -> str:
    """Return the changelog as the integration ``name`` gives it out: without the entries that do not concern it.

    ``names`` are those of all integrations. Groups that become empty are left out, and a version whose entries all
    concern others says that nothing changed. Raises ``ValueError`` for an entry without a known subject.
    """
    found = list(_HEADING.finditer(changelog))
    if not found:
        return changelog
    parts = [changelog[: found[0].start()].rstrip()]
    for heading, said in zip(found, sections(changelog).values(), strict=True):
        kept = _of_integration(said, name, names)
        if said and not kept:
            kept = f"No changes to {name}."
        parts.append(f"{heading[0]}\n\n{kept}".rstrip())
    return "\n\n".join(part for part in parts if part) + "\n"


def _of_integration(said: str, name: str, names: Collection[str]) -> str:
    kept: list[str] = []
    concerns = True
    for line in said.splitlines():
        if line.startswith("- "):
            concerns = _subject(line, names) in (name, BOTH)
        elif line and not line[0].isspace():
            # A heading or a paragraph ends the entry.
            if not concerns and kept and kept[-1]:
                kept.append("")
            concerns = True
        if concerns:
            kept.append(line)
    return _EMPTY_GROUP.sub("", "\n".join(kept)).strip()


def _subject(line: str, names: Collection[str]) -> str:
    found = _SUBJECT.match(line)
    if not found or found["subject"] not in {*names, BOTH, DEVELOPMENT}:
        raise ValueError(f"CHANGELOG.md does not say what this is about: {line}")
    return found["subject"]
