"""Tests that the rights on docs/security.md are those of the access list and of the API key."""

import re

from .pages import REPOSITORY

PAGE = (REPOSITORY / "docs" / "security.md").read_text()


def test_access_list() -> None:
    """The page and deploy/mosquitto give boards the same rights."""
    [row] = re.findall(r"^\| `boards` \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)
    _, _, rules = (
        (REPOSITORY / "deploy" / "mosquitto" / "acl")
        .read_text()
        .partition("\nuser boards\n")
    )
    for cell, right in zip(row, ("write", "read"), strict=True):
        topics = re.findall(rf"^topic {right} (\S+)$", rules, re.MULTILINE)
        assert cell == ", ".join(f"`{topic}`" for topic in topics)


def test_rights_of_the_key() -> None:
    """The page on setting up lists exactly the rights that are explained."""
    rights = re.findall(r"^\| ((?:Read|Write|View) [^|]+) \| ", PAGE, re.MULTILINE)
    assert len(rights) == 3
    page = (REPOSITORY / "docs" / "battery_thermal.md").read_text()
    asked = re.findall(r"\*((?:Read|Write|View) [^*]+)\*", page.replace("\n", " "))
    assert asked == rights
