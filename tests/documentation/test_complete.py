"""Tests that the page of each integration is complete and has nothing that does not exist."""

from dataclasses import asdict, dataclass
import json
from pathlib import Path
import re
import tomllib
from typing import Any

import pytest
import yaml

from custom_components.battery_thermal.api.archive_files import MOST_PIXELS
from custom_components.battery_thermal.device.catch_up import CatchUp
from custom_components.battery_thermal.device.option_table import (
    AREA_OPTIONS,
    NODE_OPTIONS,
    SECTIONS,
)
from custom_components.battery_thermal.flows.node_form import RADIO
from custom_components.battery_thermal.lorawan.the_things_stack.server_type import (
    FAIR_USE,
)
from custom_components.battery_thermal.number import LIMITS
from custom_components.battery_thermal.protocol.delivery_update import (
    DeliveryEvent,
    DeliveryStage,
)
from custom_components.battery_thermal.protocol.uplink import UplinkErrorReason
from custom_components.battery_thermal.thermal.limits import Limits
from custom_components.esp32_sensors import const as esp32
from custom_components.esp32_sensors.core.admission import WAITING_AT_MOST
from custom_components.esp32_sensors.core.protocol import Reason

from .pages import REPOSITORY

ROW = re.compile(r"^\| \*\*(?P<name>[^*]+)\*\* \| (?P<second>[^|]*) \|", re.MULTILINE)
NO_OPTIONS = {
    "add_board",
    "board_files",
    "first_server",
    "name_board",
    "refused",
    "replace",
    "replace_by",
    "take_over",
}
"""Steps of options flows that change nothing for good."""

PLACEHOLDER = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Integration:
    """An integration, its English texts, and its page."""

    domain: str
    named_by_class: frozenset[tuple[str, str]] = frozenset()
    """Entities that Home Assistant names: domain and name."""

    @property
    def folder(self) -> Path:
        """The integration's folder."""
        return REPOSITORY / "custom_components" / self.domain

    @property
    def texts(self) -> dict[str, Any]:
        """The integration's texts."""
        texts: dict[str, Any] = json.loads(
            (self.folder / "translations" / "en.json").read_text()
        )
        return texts

    @property
    def page(self) -> str:
        """The integration's page without line breaks."""
        return (REPOSITORY / "docs" / f"{self.domain}.md").read_text()

    def chapter(self, title: str) -> str:
        """Return a chapter of the page."""
        found = re.search(
            rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)",
            self.page,
            re.MULTILINE | re.DOTALL,
        )
        assert found, title
        return found[1]


INTEGRATIONS = [
    Integration(
        "esp32_sensors",
        frozenset({("binary_sensor", "Connectivity"), ("button", "Identify")}),
    ),
    Integration("battery_thermal"),
]
each = pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda i: i.domain)


def flat(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def labels(steps: dict[str, Any]) -> set[str]:
    """Return the labels of all fields of the steps of a flow, those in sections too."""
    found: set[str] = set()
    for step in steps.values():
        found.update(step.get("data", {}).values())
        for section in step.get("sections", {}).values():
            found.update(section["data"].values())
    return found


def rows(chapter: str) -> list[tuple[str, str]]:
    """Return the name, in bold, and the second column of each row of the tables."""
    return [(row["name"], row["second"].strip()) for row in ROW.finditer(chapter)]


@each
def test_every_entity(integration: Integration) -> None:
    """The tables name each entity with its domain, and no other."""
    documented = {
        (domain.strip("`"), name)
        for name, second in rows(integration.chapter("Entities"))
        for domain in second.split(", ")
    }
    there = {
        (domain, PLACEHOLDER.sub("…", entity["name"]))
        for domain, entities in integration.texts["entity"].items()
        for entity in entities.values()
    } | integration.named_by_class
    assert documented == there


@each
def test_every_parameter_of_the_set_up(integration: Integration) -> None:
    """Each field of a dialog has a row, and each row a field."""
    config = integration.texts["config"]["step"]
    subentries = integration.texts.get("config_subentries", {}).values()
    first = {
        label
        for subentry in subentries
        for label in labels({"user": subentry["step"]["user"]})
    }
    documented = {name for name, _ in rows(integration.chapter("Set-up"))}
    assert documented == labels(config) | first


@each
def test_every_option(integration: Integration) -> None:
    """Each option has a row, and each row an option."""
    options = dict(integration.texts["options"]["step"])
    # These fields are no stored options: they start an operation on boards.
    done = [options.pop(step) for step in NO_OPTIONS & options.keys()]
    later = {
        label
        for subentry in integration.texts.get("config_subentries", {}).values()
        for label in labels(
            {name: step for name, step in subentry["step"].items() if name != "user"}
        )
    }
    chapter = integration.chapter("Options")
    assert {name for name, _ in rows(chapter)} == labels(options) | later
    menu = integration.texts["options"]["step"].get("init", {}).get("menu_options", {})
    for title in menu.values():
        assert f"**{title}**" in flat(chapter).replace("→ ", "**")
    for step in done:
        for label in step.get("data", {}).values():
            assert f"**{label}**" in flat(integration.page)


@each
def test_every_choice(integration: Integration) -> None:
    """Each choice of a list is described."""
    for selector in integration.texts["selector"].values():
        for choice in selector.get("options", {}).values():
            assert choice.partition(":")[0] in flat(integration.page)


@each
def test_every_action(integration: Integration) -> None:
    """Each action has its name, an example, and all its fields."""
    chapter = integration.chapter("Actions")
    actions = yaml.safe_load((integration.folder / "services.yaml").read_text())
    assert actions.keys() == integration.texts["services"].keys()
    for action, content in actions.items():
        assert f"**{integration.texts['services'][action]['name']}**" in flat(chapter)
        assert f"action: {integration.domain}.{action}\n" in chapter
        for field in content.get("fields", {}):
            assert re.search(rf"\b{field}\b", chapter), f"{action}: {field}"
    documented = re.findall(rf"{integration.domain}\.(\w+)", chapter)
    assert set(documented) == actions.keys()


@each
def test_every_repair_issue(integration: Integration) -> None:
    """The title of each issue is in a table of the troubleshooting."""
    chapter = integration.chapter("Troubleshooting")
    for issue in integration.texts["issues"].values():
        title = PLACEHOLDER.sub("…", issue["title"])
        assert f"| *{title}* |" in chapter


@each
def test_every_card(integration: Integration) -> None:
    """Each card and dashboard is named."""
    chapter = integration.chapter("Dashboards")
    cards = integration.texts["config_panel"]["cards"]
    for key, name in cards.items():
        if key.endswith("_name"):
            assert f"**{name}**" in flat(chapter).replace("→ ", "**")


@each
def test_chapters(integration: Integration) -> None:
    """The page has the chapters that the quality scale requires."""
    for title in (
        "Installation",
        "Set-up",
        "Options",
        "Entities",
        "Actions",
        "Dashboards",
        "Uses",
        "How data comes",
        "Limits",
        "Troubleshooting",
        "Removal",
    ):
        assert len(integration.chapter(title).split()) > 40, title


def test_reasons_to_discard() -> None:
    """Each reason of a discarded message is explained."""
    chapter = INTEGRATIONS[0].chapter("Troubleshooting")
    assert set(re.findall(r"^\| `(\w+)` \|", chapter, re.MULTILINE)) == set(Reason)


def test_states_of_the_node() -> None:
    """The stages of a downlink, the outcomes of a catch-up and the reasons of rejected messages are explained."""
    page = INTEGRATIONS[1].page
    for value in (*DeliveryEvent, *DeliveryStage, *CatchUp, *UplinkErrorReason):
        assert f"`{value}`" in page


@each
def test_repository_to_add(integration: Integration) -> None:
    """The page names the repository for HACS, and no other."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    mirrors = project["tool"]["release"]["mirrors"]
    for domain, address in mirrors.items():
        named = f"`{address}`" in integration.chapter("Installation")
        assert named == (domain == integration.domain)


def test_defaults_of_boards() -> None:
    """The documented defaults are those of the code."""
    documented = dict(rows(INTEGRATIONS[0].chapter("Options")))
    assert documented["Maximum number of boards"] == str(esp32.DEFAULT_BOARD_LIMIT)
    assert documented["Offline after"] == f"{esp32.DEFAULT_SILENCE_LIMIT} s"
    page = flat(INTEGRATIONS[0].page)
    assert f"1 to {esp32.MOST_BOARDS}, for Home Assistant" in page
    assert f"join for {esp32.PERMIT_JOINING} s" in page
    assert f"does not within {esp32.CONFIRMATION_TIMEOUT:.0f} s" in page
    assert f"at most {WAITING_AT_MOST} at a time" in page


def test_defaults_of_nodes() -> None:
    """The documented defaults of options and of limits of alarms are those of the code."""
    documented = dict(rows(INTEGRATIONS[1].chapter("Options")))
    texts = INTEGRATIONS[1].texts
    step = texts["config_subentries"]["node"]["step"]["options"]
    radio = {key: NODE_OPTIONS[key] for key in RADIO}
    tables = [
        (step, {key: it for key, it in NODE_OPTIONS.items() if key not in RADIO}),
        (step["sections"]["radio"], radio),
        *((step["sections"][name], options) for name, options in SECTIONS.items()),
        (
            texts["config_subentries"]["node"]["step"]["area"],
            {key: AREA_OPTIONS[key] for key in ("highest", "warning", "alarm")},
        ),
    ]
    for labels_of, options in tables:
        for key, option in options.items():
            default = option.default
            shown = documented[labels_of["data"][key]]
            if default is None:
                assert shown == "empty", key
            elif isinstance(default, bool):
                assert shown == ("on" if default else "off"), key
            elif key in texts["selector"]:
                choice = texts["selector"][key]["options"][str(default)]
                assert shown == choice.partition(":")[0], key
            elif isinstance(default, list):
                assert shown == "none", key
            else:
                assert shown.partition(" ")[0] == str(default), key
    assert documented["Messages to each node a day"] == str(FAIR_USE.default_budget)
    assert f"at most {MOST_PIXELS // (240 * 320)} images" in flat(INTEGRATIONS[1].page)
    limits = asdict(Limits())
    entities = dict(
        re.findall(
            r"^\| \*\*(.+?)\*\* \| `number` \| ([\d.]+)\b",
            INTEGRATIONS[1].chapter("Entities"),
            re.MULTILINE,
        )
    )
    for description in LIMITS:
        name = texts["entity"]["number"][description.key]["name"]
        assert float(entities[name]) == limits[description.limit], name
