"""Tests that no empty message is published, which crashes published boards."""

import ast
import asyncio
from pathlib import Path
import re

import pytest
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.core import protocol
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from tests.documentation.pages import blocks, pages

from .conftest import FakeBoard, restart

INTEGRATION = Path(protocol.__file__).parents[1]
REPOSITORY = INTEGRATION.parents[1]

PAYLOADS = {"protocol.format_assignment", "protocol.format_led_command"}
"""What makes the payloads of all that is published."""


def test_payloads() -> None:
    """Each payload is formatted by a function that never returns an empty text."""
    assert protocol.format_assignment("", "", "") == ";;"
    assert protocol.format_led_command("", "", False) == ";;0"
    published = []
    for path in INTEGRATION.glob("**/*.py"):
        if path.name == "mqtt_link.py":
            # Refuses an empty payload, whoever made it (test_mqtt_link.py).
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                "async_publish"
            ):
                (payload,) = [
                    arg
                    for arg in node.args
                    if isinstance(arg, ast.Call) and ast.unparse(arg.func) in PAYLOADS
                ]
                published.append(ast.unparse(payload.func))
                # Retained, somebody would have to delete it: with an empty message.
                assert "retain" not in {keyword.arg for keyword in node.keywords}
    assert set(published) == PAYLOADS


def test_no_other_way_to_publish() -> None:
    """The integration calls no other action or client that publishes."""
    for path in INTEGRATION.glob("**/*.py"):
        text = path.read_text()
        assert not re.search(r"paho|aiomqtt|[\"']publish[\"']", text), path


@pytest.mark.rule("S-06")
async def test_life_of_a_board(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """From the first join until the network is removed, no empty or retained message is published."""
    running = network.runtime_data
    board = running.registry.boards[online.mac]
    online.waits = False
    command = asyncio.create_task(running.leds.async_switch(board, True))
    await online.light(1)
    await online.led(1)
    await command
    online.waits = True
    await running.management.async_rename(board, "LeBron")
    await online.join()
    await online.leave()
    await restart(hass, network)
    running = network.runtime_data
    board = running.registry.boards[online.mac]
    device = running.devices.device_of(board)
    assert device is not None
    await running.management.async_forget(board, device)
    await hass.config_entries.async_remove(network.entry_id)
    await hass.async_block_till_done()
    calls = mqtt_mock.async_publish.call_args_list
    assert len(calls) >= 3
    for call in calls:
        said = dict(zip(("topic", "payload", "qos", "retain"), call.args, strict=False))
        said |= call.kwargs
        assert said["payload"]
        assert not said["retain"]


ADVICE = [
    # Figures give no advice.
    *(path for path in pages() if path.name != "figures.md"),
    *INTEGRATION.glob("translations/*.json"),
    *(REPOSITORY / "deploy").glob("**/*.conf"),
    *(REPOSITORY / "blueprints").glob("**/*.yaml"),
    *(REPOSITORY / "firmware").glob("*.py"),
]
DELETES_RETAINED = re.compile(
    r"(delet|clear|remov|effac|supprim|apag|elimin)\w*[^|]{0,60}retain"
    r"|retain[^|]{0,60}\b(delet|clear|remov|effac|supprim|apag|elimin)"
    r"|clear the topic|null.?message|empty (message|payload)",
    re.IGNORECASE,
)
WARNS = re.compile(
    r"\b(do not|never|no empty|crash|ignores?|length == 0)\b|crashes", re.IGNORECASE
)


@pytest.mark.parametrize(
    "path", ADVICE, ids=lambda path: str(path.relative_to(REPOSITORY))
)
def test_advice(path: Path) -> None:
    """Texts about empty messages and about deleting retained ones contain a warning."""
    for line in path.read_text().splitlines():
        if DELETES_RETAINED.search(line):
            assert WARNS.search(line), line


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_commands(path: Path) -> None:
    """No command of the documentation publishes an empty or a retained message."""
    for block in blocks(path):
        for command in block.commands:
            if "mosquitto_pub" in command:
                options = command.split()
                assert not {"-n", "--null-message", "-r", "--retain"} & set(options)
                assert not re.search(r"-m (''|\"\")( |$)", command)
            assert "--remove-retained" not in command
            assert "--retained-only" not in command
