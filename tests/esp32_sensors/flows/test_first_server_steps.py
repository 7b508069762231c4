"""Boards of the first server, taken over in the options of a network."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockHAClient,
)

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util.file import WriteError

from .. import first_server
from ..api.test_boards_websocket import Subscribe, event, key, pace, subscribe
from ..conftest import FakeBoard, SetUp, restart
from ..first_server import JOINED, OLD_MAC, SEEN, SESSION

__all__ = ["pace", "subscribe"]

type Values = Iterable[tuple[str, int, str, Any]]

VALUES: Values = (
    ("led_status", 1, "2025-04-06 13:40:00", True),
    ("button_status", 1, "2025-04-06 13:41:00.250000", True),
    ("button_status", 1, "2025-04-06 13:41:01", False),
    *(("pres_status", 1, f"2025-04-06 13:42:{n:02}", n) for n in range(12)),
)


class Upload:
    """The dialog of a network, with files uploaded as a browser does."""

    def __init__(
        self, hass: HomeAssistant, client: ClientSessionGenerator, entry: ConfigEntry
    ) -> None:
        """Initialize without an upload."""
        self.hass = hass
        self.client = client
        self.entry = entry

    async def file(self, path: Path) -> dict[str, Any]:
        """Upload a file; return the next form."""
        client = await self.client()
        with path.open("rb") as file:
            response = await client.post("/api/file_upload", data={"file": file})
        return await self.by_id((await response.json())["file_id"])

    async def by_id(self, file_id: str) -> dict[str, Any]:
        """Submit the id of an uploaded file; return the next form."""
        options = self.hass.config_entries.options
        result = await options.async_init(self.entry.entry_id)
        result = await options.async_configure(
            result["flow_id"], {"next_step_id": "first_server"}
        )
        result = await options.async_configure(result["flow_id"], {"file": file_id})
        return dict(result)

    async def submit(self, form: dict[str, Any], **values: Any) -> dict[str, Any]:
        """Submit the form that shows what is taken over."""
        result = await self.hass.config_entries.options.async_configure(
            form["flow_id"], values
        )
        await self.hass.async_block_till_done(wait_background_tasks=True)
        return dict(result)

    async def take_over(self, path: Path, **values: Any) -> dict[str, Any]:
        """Upload a file and take over what is in it."""
        return await self.submit(await self.file(path), **values)


@pytest.fixture
def upload(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, network: ConfigEntry
) -> Upload:
    """Return the dialog of a network."""
    return Upload(hass, hass_client, network)


def old_board(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> FakeBoard:
    """Return a board that goes on in the session that the first server gave it."""
    board = FakeBoard(hass, mqtt_mock, OLD_MAC)
    board.name, board.session_id = "old01", SESSION
    return board


async def last_values(hass: HomeAssistant, board: FakeBoard) -> dict[str, Any]:
    """Return what the action answers about a board."""
    answer = await hass.services.async_call(
        "esp32_sensors",
        "get_last_values",
        {"device_id": board.device.id},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    return dict(answer)


@pytest.mark.rule("S-70", "S-71")
async def test_a_running_board_goes_on(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, upload: Upload, tmp_path: Path
) -> None:
    """A board has its name, times and values, and its session continues."""
    board = old_board(hass, mqtt_mock)
    # It is heard before it is known, and nobody else may have its name.
    await board.light(50)
    form = await upload.file(first_server.make(tmp_path / "db.sqlite3", values=VALUES))
    assert form["description_placeholders"]["added_count"] == "1"
    assert form["description_placeholders"]["added"] == (
        r"old01 \(24\:6F\:28\:AA\:BB\:01\)"
    )
    # Nothing is written before it is submitted.
    assert not upload.entry.runtime_data.registry.boards
    result = await upload.submit(form)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "taken_over")
    assert result["description_placeholders"] == {"added": "1", "completed": "0"}

    assert board.states == dict.fromkeys(board.states, "unavailable") | {
        "online": "off"
    }
    values = await last_values(hass, board)
    assert values["name"] == "old01"
    assert values["joined_at"] == f"{JOINED.replace(' ', 'T')}+00:00"
    assert values["last_seen"] == f"{SEEN.replace(' ', 'T')}+00:00"
    assert values["led"] == [{"time": "2025-04-06T13:40:00+00:00", "value": True}]
    assert [value["value"] for value in values["button"]] == [False, True]
    assert [value["value"] for value in values["light"]] == [*range(11, 1, -1)]

    await board.light(51)
    assert board.states == {"online": "on", "led": "on", "button": "off", "light": "51"}
    # No other session was published, and no command.
    assert board.received("state/nameAssign") == board.received("led/command") == []


async def test_survives_a_restart(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, upload: Upload, tmp_path: Path
) -> None:
    """What was taken over is on the disk, and later sessions are newer."""
    board = old_board(hass, mqtt_mock)
    await upload.take_over(first_server.make(tmp_path / "db.sqlite3", values=VALUES))
    await restart(hass, upload.entry)
    assert len((await last_values(hass, board))["light"]) == 10
    await board.light(7)
    assert board.state("sensor", "light") == "7"
    await board.join()
    assert (board.name, board.session_id > SESSION) == ("old01", True)


@pytest.mark.rule("S-72")
async def test_twice_is_once(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, upload: Upload, tmp_path: Path
) -> None:
    """Taking over the same file again changes nothing, also when boards are chosen."""
    board = old_board(hass, mqtt_mock)
    path = first_server.make(tmp_path / "db.sqlite3", [{}, {}], VALUES)
    await upload.take_over(path)
    await board.join()
    await board.start()
    before = await last_values(hass, board)
    form = await upload.file(path)
    assert form["description_placeholders"]["known_count"] == "2"
    assert not form["data_schema"].schema
    result = await upload.submit(form)
    assert result["description_placeholders"] == {"added": "0", "completed": "0"}
    assert await last_values(hass, board) == before


@pytest.mark.rule("S-72")
async def test_known_boards_stay_unless_chosen(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, upload: Upload, tmp_path: Path
) -> None:
    """A board that has joined here already is completed only if it is chosen."""
    board = FakeBoard(hass, mqtt_mock, OLD_MAC)
    await board.join()
    await board.start()
    await board.light(99)
    before = await last_values(hass, board)
    path = first_server.make(tmp_path / "db.sqlite3", values=VALUES)
    form = await upload.file(path)
    assert form["description_placeholders"]["different_count"] == "1"
    await upload.submit(form)
    assert await last_values(hass, board) == before

    result = await upload.take_over(path, complete=[OLD_MAC.upper()])
    assert result["description_placeholders"] == {"added": "0", "completed": "1"}
    values = await last_values(hass, board)
    joined_at = f"{JOINED.replace(' ', 'T')}+00:00"
    assert values["joined_at"] == board.state("sensor", "joined_at") == joined_at
    assert values["last_seen"] == before["last_seen"]
    assert [value["value"] for value in values["light"]] == [99, *range(11, 2, -1)]
    # The name counts from the next session on, as any other.
    assert (values["name"], board.state("sensor", "light")) == ("capteur01", "99")
    assert (await upload.file(path))["description_placeholders"]["known_count"] == "1"
    await board.join()
    assert board.name == "old01"


async def test_dashboards_follow(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    upload: Upload,
    tmp_path: Path,
    subscribe: Subscribe,
) -> None:
    """A viewer gets all data of a board that is completed."""
    board = FakeBoard(hass, mqtt_mock, OLD_MAC)
    await board.join()
    viewer = await subscribe()
    await event(viewer)
    path = first_server.make(tmp_path / "db.sqlite3", values=VALUES)
    await upload.take_over(path, complete=[OLD_MAC.upper()])
    completed = (await event(viewer))["boards"][key(upload.entry, OLD_MAC.upper())]
    assert completed["joined_at"] == int(
        datetime.fromisoformat(f"{JOINED}Z").timestamp()
    )
    light = [value for _, value in completed["readings"]["light"]]
    assert light == [*range(2, 12)]


async def test_names_that_are_taken(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, upload: Upload, tmp_path: Path
) -> None:
    """A board whose name another board has here gets another name, and has to join."""
    here = FakeBoard(hass, mqtt_mock)
    await here.join()
    path = first_server.make(tmp_path / "db.sqlite3", [{"name": "Capteur01"}, {}])
    form = await upload.file(path)
    assert form["description_placeholders"]["renamed_count"] == "1"
    assert form["description_placeholders"]["added_count"] == "1"
    await upload.submit(form)
    board = FakeBoard(hass, mqtt_mock, OLD_MAC)
    await board.join()
    assert board.name == "capteur02"
    await here.start()
    assert here.state("binary_sensor", "connectivity") == "on"


async def test_refused_boards_and_a_full_network(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    hass_client: ClientSessionGenerator,
    set_up: SetUp,
    tmp_path: Path,
) -> None:
    """Boards that are refused here or do not fit are left out; one that waits is let in."""
    entry = await set_up(admission="approval", board_limit=1)
    upload = Upload(hass, hass_client, entry)
    refused, waiting = (
        FakeBoard(hass, mqtt_mock, f"{OLD_MAC[:-2]}{n:02x}") for n in (1, 2)
    )
    for board in refused, waiting:
        await board.join()
    await entry.runtime_data.management.async_refuse(refused.mac.upper())
    form = await upload.file(first_server.make(tmp_path / "db.sqlite3", [{}, {}, {}]))
    counts = form["description_placeholders"]
    assert (counts["refused_count"], counts["no_room_count"]) == ("1", "1")
    await upload.submit(form)
    assert [*entry.runtime_data.registry.boards] == [waiting.mac.upper()]
    assert not entry.runtime_data.registry.admission.waiting


@pytest.mark.rule("S-72")
async def test_replaced_boards(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, upload: Upload, tmp_path: Path
) -> None:
    """A board that was replaced is left out, and its successor keeps its device."""
    path = first_server.make(tmp_path / "db.sqlite3", [{}])
    await upload.take_over(path)
    successor = FakeBoard(hass, mqtt_mock)
    await successor.join()
    network = upload.entry.runtime_data
    replaced = network.registry.boards[OLD_MAC.upper()]
    await network.replacing.async_replace(replaced, successor.mac)
    device = successor.device
    form = await upload.file(path)
    counts = form["description_placeholders"]
    assert (counts.get("replaced_count"), counts["renamed_count"]) == ("1", "0")
    await upload.submit(form)
    await restart(hass, upload.entry)
    assert [*upload.entry.runtime_data.registry.boards] == [successor.mac]
    assert successor.device.id == device.id


async def test_many_boards_are_counted(upload: Upload, tmp_path: Path) -> None:
    """At most 20 names are listed, as text and not as Markdown."""
    boards = [{"name": f"[{n}](x)"} for n in range(21)]
    form = await upload.file(first_server.make(tmp_path / "db.sqlite3", boards))
    assert form["description_placeholders"]["added_count"] == "21"
    listed = form["description_placeholders"]["added"].split(", ".replace(",", "\\,"))
    assert (len(listed), listed[-1]) == (21, "…")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_a_database"),
        (b"PK\3\4 a zip file", "not_a_database"),
        (b"SQLite format 3\0" + bytes(200), "damaged"),
    ],
)
async def test_unusable_files(
    upload: Upload, tmp_path: Path, content: bytes, reason: str
) -> None:
    """The form says what is wrong with a file, and another one can be chosen."""
    path = tmp_path / "db.sqlite3"
    path.write_bytes(content)
    form = await upload.file(path)
    assert form["errors"] == {"file": reason}
    path.unlink()
    first_server.make(path)
    client = await upload.client()
    with path.open("rb") as file:
        response = await client.post("/api/file_upload", data={"file": file})
    result = await upload.submit(form, file=(await response.json())["file_id"])
    assert result["step_id"] == "take_over"


async def test_a_file_that_is_gone_or_empty(upload: Upload, tmp_path: Path) -> None:
    """An upload that Home Assistant does not have any more, and one without boards."""
    assert (await upload.by_id("0" * 32))["errors"] == {"file": "upload_gone"}
    form = await upload.file(first_server.make(tmp_path / "db.sqlite3", []))
    assert form["errors"] == {"file": "no_boards"}


async def test_a_stopped_network(
    hass: HomeAssistant, upload: Upload, network: ConfigEntry, tmp_path: Path
) -> None:
    """Nothing is taken over into a network that does not run."""
    form = await upload.file(first_server.make(tmp_path / "db.sqlite3"))
    await hass.config_entries.async_unload(network.entry_id)
    assert (await upload.submit(form))["reason"] == "not_loaded"


async def test_a_full_disk(upload: Upload, tmp_path: Path) -> None:
    """A disk that refuses is an error in the form."""
    form = await upload.file(first_server.make(tmp_path / "db.sqlite3"))
    with patch(
        "homeassistant.helpers.storage.Store._async_write_data", side_effect=WriteError
    ):
        result = await upload.submit(form)
    assert result["errors"] == {"base": "not_saved"}
    assert result["description_placeholders"]["known_count"] == "1"
