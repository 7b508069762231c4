"""A board is prepared, waited for and named, in the options of a network."""

import asyncio
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import area_registry as ar, device_registry as dr

from ..conftest import MAC, FakeBoard, SetUp, issue_keys, settle

SECRET = "correct horse"
ANSWERS = {
    "mac": MAC.lower(),
    "wifi_name": "home",
    "wifi_password": SECRET,
    "broker": " 192.168.1.10 ",
    "broker_port": 1883,
}


class Dialog:
    """The dialog in which a board is added."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Initialize without opening it."""
        self.hass = hass
        self.entry = entry
        self.form: dict[str, Any] = {}

    async def open(self) -> dict[str, Any]:
        """Open the first form."""
        result = await self.hass.config_entries.options.async_init(self.entry.entry_id)
        self.form = dict(result)
        return await self.submit(next_step_id="add_board")

    async def submit(self, **data: Any) -> dict[str, Any]:
        """Submit a form; return the next step."""
        options = self.hass.config_entries.options
        result = await options.async_configure(self.form["flow_id"], data)
        self.form = dict(result)
        return self.form

    async def wait(self, **answers: Any) -> dict[str, Any]:
        """Go on until the dialog waits for the board."""
        await self.open()
        await self.submit(**ANSWERS | answers)
        return await self.submit()

    async def go_on(self) -> dict[str, Any]:
        """Return the step that the dialog shows by itself."""
        options = self.hass.config_entries.options
        async with asyncio.timeout(5):
            while self.step == "wait_for_board":
                await asyncio.sleep(0.01)
        self.form = dict(await options.async_configure(self.form["flow_id"]))
        return self.form

    @property
    def step(self) -> str:
        """Return the step in which the dialog is."""
        (flow,) = (
            flow
            for flow in self.hass.config_entries.options.async_progress()
            if flow["flow_id"] == self.form["flow_id"]
        )
        return str(flow["step_id"])

    @property
    def shown(self) -> dict[str, str]:
        """Return the texts in the fields of the form."""
        fields = self.form["data_schema"].schema
        return {str(field): field.default() for field in fields}


async def switch_on(board: FakeBoard, *, start: bool = True) -> None:
    """Let a board join and start, while a dialog waits for it."""
    board.waits = False
    async with asyncio.timeout(5):
        while not board.session_id:
            await board.join()
            await asyncio.sleep(0.01)
    if start:
        await board.start()


@pytest.fixture
def dialog(hass: HomeAssistant, network: ConfigEntry) -> Dialog:
    """Return the dialog of a network to which every board is let in."""
    return Dialog(hass, network)


async def test_add(
    dialog: Dialog, mqtt_mock: MqttMockHAClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Login, access list and file are shown once; the dialog goes on with the board."""
    caplog.set_level(logging.DEBUG)
    hass = dialog.hass
    area = ar.async_get(hass).async_create("Hall")
    assert (await dialog.open())["step_id"] == "add_board"
    assert (await dialog.submit(**ANSWERS))["step_id"] == "board_files"
    shown = dialog.shown
    assert shown["user"] == "board-61ECED3B25B1"
    assert f"topic write state/join/{MAC}\n" in shown["access_list"]
    assert 'BROKER = "192.168.1.10"\nBROKER_PORT = 1883\n' in shown["config"]
    assert f'BROKER_PASSWORD = "{shown["password"]}"' in shown["config"]
    assert SECRET in shown["config"]
    result = await dialog.submit(**shown)
    assert (result["type"], result["step_id"]) == (
        FlowResultType.SHOW_PROGRESS,
        "wait_for_board",
    )
    board = FakeBoard(hass, mqtt_mock, directed=True)
    await switch_on(board, start=False)
    await asyncio.sleep(0.1)
    assert dialog.step == "wait_for_board"
    await board.start()
    assert (await dialog.go_on())["step_id"] == "name_board"
    result = await dialog.submit(name=" Door ", area=area.id)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "board_added")
    assert (board.device.name_by_user, board.device.area_id) == ("Door", area.id)
    for secret in SECRET, shown["password"]:
        assert secret not in caplog.text
        assert secret not in str(dialog.entry.as_dict())
    assert not dialog.entry.runtime_data.registry.admission.expected


async def test_the_name_that_it_has(
    dialog: Dialog, mqtt_mock: MqttMockHAClient
) -> None:
    """A name that is left as it is, or empty, is no name of the owner's."""
    await dialog.wait()
    board = FakeBoard(dialog.hass, mqtt_mock)
    await switch_on(board)
    form = await dialog.go_on()
    suggested = [
        (field.description or {}).get("suggested_value")
        for field in form["data_schema"].schema
    ]
    assert suggested == ["capteur01", None]
    await dialog.submit(name="capteur01")
    assert board.device.name_by_user is None


async def test_input(dialog: Dialog, online: FakeBoard) -> None:
    """The form says what is wrong, and keeps what is right."""
    await dialog.open()
    form = await dialog.submit(
        **ANSWERS
        | {
            "broker": "mqtt://192.168.1.10",
            "mac": "61",
            "wifi_name": "x" * 33,
            "wifi_password": "short",
        }
    )
    assert form["errors"] == {
        "broker": "invalid_broker",
        "mac": "invalid_mac",
        "wifi_name": "invalid_wifi_name",
        "wifi_password": "invalid_wifi_password",
    }
    assert (await dialog.submit(**ANSWERS))["errors"] == {"mac": "known_board"}
    dialog.entry.runtime_data.registry.limit = 1
    form = await dialog.submit(**ANSWERS | {"mac": MAC.replace("B1", "B2")})
    assert form["errors"] == {"base": "too_many_boards"}


@pytest.mark.rule("S-77")
@pytest.mark.parametrize("kept_out", ["approval", "closed", "refused", "retired"])
async def test_it_is_let_in(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, set_up: SetUp, kept_out: str
) -> None:
    """A board that is waited for may join, whatever was said about it before."""
    entry = await set_up(admission="closed" if kept_out == "closed" else "approval")
    management = entry.runtime_data.management
    boards = entry.runtime_data.registry.boards
    board = FakeBoard(hass, mqtt_mock)
    other = FakeBoard(hass, mqtt_mock, MAC.replace("B1", "B2"))
    await board.join()
    if kept_out == "refused":
        await management.async_refuse(MAC)
    elif kept_out == "retired":
        await management.async_accept(MAC)
        await other.join()
        await entry.runtime_data.replacing.async_replace(boards[MAC], other.mac)
    board.session_id = ""
    dialog = Dialog(hass, entry)
    await dialog.wait()
    stranger = FakeBoard(hass, mqtt_mock, MAC.replace("B1", "B3"))
    stranger.waits = False
    await stranger.join()
    assert stranger.mac not in boards
    await switch_on(board)
    assert (await dialog.go_on())["step_id"] == "name_board"
    assert MAC not in entry.runtime_data.registry.admission.waiting
    assert issue_keys(hass).count("retired") == 0


async def test_closed_or_twice(dialog: Dialog, mqtt_mock: MqttMockHAClient) -> None:
    """A dialog that is closed waits no more; another one about the board goes on."""
    other = Dialog(dialog.hass, dialog.entry)
    await dialog.wait()
    await other.wait()
    admission = dialog.entry.runtime_data.registry.admission
    dialog.hass.config_entries.options.async_abort(dialog.form["flow_id"])
    await settle()
    assert admission.expected == {MAC}
    dialog.hass.config_entries.options.async_abort(other.form["flow_id"])
    await settle()
    assert not admission.expected


async def test_the_network_is_stopped(
    dialog: Dialog, mqtt_mock: MqttMockHAClient
) -> None:
    """The dialog ends, in whatever step it is."""
    entries, entry_id = dialog.hass.config_entries, dialog.entry.entry_id
    await dialog.wait()
    await entries.async_unload(entry_id)
    assert (await dialog.go_on())["reason"] == "not_loaded"
    await entries.async_setup(entry_id)
    named = Dialog(dialog.hass, dialog.entry)
    await named.wait()
    board = FakeBoard(dialog.hass, mqtt_mock)
    await switch_on(board)
    assert (await named.go_on())["step_id"] == "name_board"
    dr.async_get(dialog.hass).async_remove_device(board.device.id)
    assert (await named.submit())["reason"] == "board_gone"
    mac = MAC.replace("B1", "B2")
    started, filled = (Dialog(dialog.hass, dialog.entry) for _ in range(2))
    result = await dialog.hass.config_entries.options.async_init(entry_id)
    started.form = dict(result)
    await filled.open()
    await filled.submit(**ANSWERS | {"mac": mac})
    last = Dialog(dialog.hass, dialog.entry)
    await last.wait(mac=mac)
    board = FakeBoard(dialog.hass, mqtt_mock, mac)
    await switch_on(board)
    assert (await last.go_on())["step_id"] == "name_board"
    await entries.async_unload(entry_id)
    assert (await last.submit())["reason"] == "not_loaded"
    assert (await filled.submit())["reason"] == "not_loaded"
    assert (await started.submit(next_step_id="add_board"))["reason"] == "not_loaded"
