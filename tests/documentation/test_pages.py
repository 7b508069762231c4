"""Tests of all pages: their links, their examples and their commands."""

import json
from pathlib import Path
import re

import pytest
import yaml

from homeassistant.components.recorder import CONFIG_SCHEMA as RECORDER_SCHEMA

from .commands import ALONE, ELSEWHERE, ENDLESS, NOT_HERE, STEP_BY_STEP
from .pages import REPOSITORY, Block, blocks, headings, pages

LINK = re.compile(r"(?<!`)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"```.*?^ *```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
FIGURE = re.compile(
    r"^\| slow, 24 lines \| counter \| (?P<loss>[^|]+) \| \d+ "
    r"\| (?P<whole>[\d.]+)% \| (?P<shown>[\d.]+)% \| (?P<missed>\d+) \| (?P<wrong>\d+) \|",
    re.MULTILINE,
)

NAMED_SECTIONS = re.compile(r"\(figures\.md\), sections? ((?:\*[^*]+\*(?:, | and )?)+)")

each = pytest.mark.parametrize(
    "page", pages(), ids=lambda page: str(page.relative_to(REPOSITORY))
)


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def name(page: Path) -> str:
    """Return the path of a page in the repository."""
    return str(page.relative_to(REPOSITORY))


@each
def test_links(page: Path) -> None:
    """Each link to a file or chapter of this repository has a target."""
    for link in LINK.finditer(CODE.sub("", page.read_text())):
        target, _, part = link["target"].partition("#")
        if re.match(r"https?:|mailto:", target):
            continue
        # Addresses of the code host, such as its page for security reports.
        if target.startswith("../../"):
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), link[0]
        if part:
            assert part in map(anchor, headings(file)), link[0]


@each
def test_examples_can_be_read(page: Path) -> None:
    """Each block has a language; YAML, JSON and Python are valid."""
    for block in blocks(page):
        if block.language == "json":
            json.loads(block.text)
        elif block.language == "yaml":
            content = yaml.safe_load(block.text)
            # Actions and automations are run in tests/live/test_documentation.py.
            # Blueprints have tests of their own, in tests/blueprints.
            kinds = {"action", "triggers", "recorder", "use_blueprint"}
            assert content.keys() & kinds, block.place
            if "recorder" in content:
                RECORDER_SCHEMA(content)
        elif block.language == "python":
            compile(block.text, block.place, "exec")
        else:
            assert block.language in ("", "c", "mermaid", "sh", "text"), block.place


def commands() -> dict[str, Block]:
    """Return the commands of all pages except those that are run step by step."""
    return {
        command: block
        for page in pages()
        if name(page) not in STEP_BY_STEP
        for block in blocks(page, "sh")
        for command in block.commands
    }


def test_every_command_is_run() -> None:
    """Each command has a test that runs it, and each entry of the lists a command."""
    listed = ALONE | ENDLESS.keys() | ELSEWHERE.keys() | NOT_HERE.keys()
    assert commands().keys() == listed
    for file, call in ELSEWHERE.values():
        assert call in (REPOSITORY / file).read_text()
    for file in NOT_HERE.values():
        assert (REPOSITORY / file).exists()


def test_both_commands_are_on_the_first_screen() -> None:
    """The commands for the demo and for the tests are at the top of the README."""
    first = "\n".join((REPOSITORY / "README.md").read_text().splitlines()[:6])
    assert "\nscript/demo " in first
    assert "\nscript/test " in first


def test_every_page_is_reached() -> None:
    """The index, or the table of network servers, links each page in docs/; the README those for beginners."""
    index = (REPOSITORY / "docs" / "README.md").read_text()
    battery = (REPOSITORY / "docs" / "battery_thermal.md").read_text()
    index += battery.partition("### Network servers\n")[2].partition("\n#")[0]
    for page in (REPOSITORY / "docs").glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in index
    readme = (REPOSITORY / "README.md").read_text()
    for target in "docs/esp32_sensors.md", "docs/battery_thermal.md", "docs/rest.md":
        assert f"({target})" in readme


def test_figures_are_those_measured() -> None:
    """Figures about images are those of docs/figures.md, rounded in the README; no line was in a wrong place."""
    readme = (REPOSITORY / "README.md").read_text()
    battery = (REPOSITORY / "docs" / "battery_thermal.md").read_text()
    scaling = (REPOSITORY / "docs" / "scaling.md").read_text()
    measured = list(FIGURE.finditer((REPOSITORY / "docs" / "figures.md").read_text()))
    assert len(measured) == 6
    for row in measured:
        loss = row["loss"].replace("%", " %")
        shown = f"| {loss} | {float(row['whole']):.0f} % | {row['shown']} % | {row['wrong']} |"
        assert shown in readme
        assert (row["missed"], row["wrong"]) == ("0", "0")
    documented = {row["loss"]: row for row in measured}
    ten, twenty = documented["10%"], documented["20%"]
    assert (
        f"at 10 % loss, {ten['whole']} % arrive whole, {ten['shown']} % are" in battery
    )
    assert f"{twenty['shown']} % are shown" in scaling


def test_sections_of_figures_are_there() -> None:
    """Each linked section of docs/figures.md exists."""
    figures = REPOSITORY / "docs" / "figures.md"
    measured = [section.partition(":")[0] for section in headings(figures)]
    named = [
        section
        for page in pages()
        for sections in NAMED_SECTIONS.findall(page.read_text())
        for section in re.findall(r"\*([^*]+)\*", sections)
    ]
    assert named
    assert [section for section in named if section not in measured] == []
