"""A board that *Add a board* prepares: real mosquitto, real Home Assistant, real MicroPython.

The broker gets the login and the access list that the dialog shows, and nothing else; the board gets the config.py that it
shows, byte for byte.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
import signal
import subprocess
from typing import Any

import pytest
import pytest_asyncio

from demo.broker import Broker
from demo.home_assistant import HomeAssistant
from demo.processes import Child, free_port
from demo.proof import until
from demo.truth import entities, network_figure
from simulator.mqtt.answers import RefusedError
from simulator.mqtt.client import Broker as Address, Connection
from simulator.mqtt.packets import Publish

from .test_firmware import FIRMWARE, MAC, STAND_INS

OPTIONS = "/api/config/config_entries/options/flow"
OWNER, PASSWORD = "homeassistant", "owner's own"

CLOSED = """
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/acl
"""


class ClosedBroker(Broker):
    """A mosquitto that knows Home Assistant only."""

    def __init__(self, folder: Path, port: int) -> None:
        """Write its configuration, its logins and its access list."""
        super().__init__(folder, port, "mosquitto")
        self.folder = folder
        configuration = folder / "broker.conf"
        text = configuration.read_text().replace("allow_anonymous true\n", "")
        configuration.write_text(text + CLOSED.format(folder=folder))
        (folder / "passwords").touch(mode=0o600)
        (folder / "acl").write_text(f"user {OWNER}\ntopic readwrite #\n")
        (folder / "acl").chmod(0o600)
        self.add_login(OWNER, PASSWORD)

    def add_login(self, user: str, password: str) -> None:
        """Add a login, as the documentation says."""
        subprocess.run(
            ["mosquitto_passwd", "-b", self.folder / "passwords", user, password],
            check=True,
        )

    def reload(self) -> None:
        """Let it read its files again."""
        self.child.signal(signal.SIGHUP)


@pytest_asyncio.fixture
async def place(
    mosquitto: str, tmp_path: Path
) -> AsyncIterator[tuple[ClosedBroker, HomeAssistant]]:
    """Start both, with a network to which no new board is let in."""
    async with AsyncExitStack() as exits:
        broker = ClosedBroker(tmp_path / "broker", free_port())
        await broker.start()
        exits.push_async_callback(broker.stop)
        home_assistant = HomeAssistant(tmp_path / "config", free_port())
        await home_assistant.start()
        exits.push_async_callback(home_assistant.stop)
        answers: dict[str, Any] = {
            "broker": broker.host,
            "port": broker.port,
            "username": OWNER,
            "password": PASSWORD,
            "protocol": "5",
            "other_settings": {"set_client_cert": False, "set_ca_cert": "off"},
        }
        await home_assistant.run_flow("mqtt", answers)
        await home_assistant.run_flow("esp32_sensors", {"prefix": ""})
        yield broker, home_assistant


@pytest.mark.timeout(300)
async def test_enrol(
    place: tuple[ClosedBroker, HomeAssistant], micropython: str, tmp_path: Path
) -> None:
    """The board joins with what the dialog made, which is good for this board only."""
    broker, home_assistant = place
    entries = await home_assistant.get("/api/config/config_entries/entry")
    (entry,) = [entry for entry in entries if entry["domain"] == "esp32_sensors"]
    step = await home_assistant.post(OPTIONS, {"handler": entry["entry_id"]})
    flow = f"{OPTIONS}/{step['flow_id']}"
    step = await home_assistant.post(flow, {"next_step_id": "add_board"})
    step = await home_assistant.post(
        flow,
        {
            "mac": MAC.lower(),
            "wifi_name": "home",
            "wifi_password": "correct horse",
            "broker": broker.host,
            "broker_port": broker.port,
        },
    )
    shown = {field["name"]: field["default"] for field in step["data_schema"]}
    step = await home_assistant.post(flow, {})
    assert step["type"] == "progress"

    broker.add_login(shown["user"], shown["password"])
    with (broker.folder / "acl").open("a") as access_list:
        access_list.write(shown["access_list"])
    broker.reload()
    folder = tmp_path / "board"
    folder.mkdir()
    (folder / "config.py").write_text(shown["config"])
    path = f"{folder}:{FIRMWARE}:{STAND_INS}:.frozen"
    shell = f'cd "{folder}" && MICROPYPATH="{path}" exec "{micropython}" -X heapsize=128k "{FIRMWARE}/main.py"'
    async with Child("board", ["/bin/sh", "-c", shell], folder):
        await until(
            "dialog",
            lambda: home_assistant.get(flow),
            lambda step: step.get("step_id") == "name_board",
        )
        areas = home_assistant.command("config/area_registry/create", name="Hall")
        area = (await areas)["area_id"]
        step = await home_assistant.post(flow, {"name": "Door", "area": area})
        assert step["reason"] == "board_added"
        led = (await entities(home_assistant, "switch", "led"))[MAC]
        await until(
            "LED",
            lambda: home_assistant.state(led),
            lambda state: state["state"] == "off",
        )
        await home_assistant.call("switch", "turn_on", entity_id=led)
        assert (folder / "pin2").read_text() == "1"
        devices = await home_assistant.command("config/device_registry/list")
        (device,) = [one for one in devices if one["name_by_user"] == "Door"]
        assert device["area_id"] == area
        await nothing_else(broker, home_assistant, shown)
    # It writes what waits to be written, and replaces no file while they are read.
    await home_assistant.stop()
    for secret in "correct horse", shown["password"]:
        for file in (tmp_path / "config").rglob("*"):
            assert not file.is_file() or secret.encode() not in file.read_bytes(), file


async def nothing_else(
    broker: ClosedBroker, home_assistant: HomeAssistant, shown: dict[str, str]
) -> None:
    """Check that the login can speak on no other topic, and hear none."""
    before = await network_figure(home_assistant, "messages_discarded")
    heard: list[Publish] = []
    address = Address(
        broker.host, broker.port, shown["user"], shown["password"], protocol=5
    )
    connection = await Connection.open(address, "other", heard.append)
    for topic in "state/join", "state/join/02:00:00:00:AB:02", "led/status":
        with suppress(RefusedError):
            await connection.send(topic, b"02:00:00:00:AB:02", 1)
    with suppress(RefusedError):
        await connection.subscribe([("#", 1)])
    await asyncio.sleep(3)
    connection.disconnect()
    assert await network_figure(home_assistant, "messages_discarded") == before
    assert {message.topic for message in heard} <= {
        f"state/nameAssign/{MAC}",
        f"led/command/{MAC}",
    }
