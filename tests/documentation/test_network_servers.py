"""Tests that each kind of network server is named where people read what they can use."""

import re

import pytest

from simulator.networks import NETWORKS

from .pages import REPOSITORY

SERVERS = "docs/battery_thermal.md#network-servers"


@pytest.mark.parametrize("title", [kind.title for kind in NETWORKS.values()])
def test_each_is_in_the_table(title: str) -> None:
    """A row says what it needs, with a link to its set-up."""
    page = (REPOSITORY / "docs" / "battery_thermal.md").read_text()
    section = page.partition("### Network servers\n")[2].partition("\n#")[0]
    rows = re.findall(r"(?m)^\| (.+?) \| .+? \| .*?\[.+?\]\((.+?)\).* \|$", section)
    assert [link for name, link in rows if title in name]


@pytest.mark.parametrize("page", ["README.md", "release/readme/battery_thermal.md"])
def test_table_is_linked(page: str) -> None:
    """Who reads what the integration is gets to the network servers that it can use."""
    assert f"({SERVERS})" in (REPOSITORY / page).read_text()
