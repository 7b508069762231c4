"""A board takes the place of another one, in Home Assistant."""

from contextlib import nullcontext
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockHAClient,
)

from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.core.admission import Mode
from custom_components.esp32_sensors.core.readings import LIGHT
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from homeassistant.util.file import WriteError

from ..conftest import MAC, FakeBoard, SetUp, decide, issue_keys, later, restart

NEW_MAC = "61:EC:ED:3B:25:B2"


def ids(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, str]:
    """Return the entity ids of the boards, by the end of their unique ids."""
    return {
        entity.entity_id: entity.unique_id
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if MAC[:14] in entity.unique_id
    }


async def replace(
    hass: HomeAssistant, old: FakeBoard, new_mac: object = NEW_MAC
) -> None:
    """Replace a board by the action."""
    await hass.services.async_call(
        DOMAIN,
        "replace_board",
        {"device_id": old.device.id, "new_mac": new_mac},
        blocking=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)


class Dialog:
    """The dialog of the only repair issue."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        client: ClientSessionGenerator,
    ) -> None:
        """Initialize without an open dialog."""
        self.hass = hass
        self._freezer = freezer
        self._client = client

    async def later(self, seconds: float = 1) -> list[str]:
        """Let time pass; return the keys of the issues."""
        await later(self.hass, self._freezer, seconds)
        return issue_keys(self.hass)

    async def choose(self, choice: str) -> dict[str, Any]:
        """Open the dialog and choose from its menu."""
        await self.later()
        return await decide(self.hass, self._client, choice)

    async def open(self) -> dict[str, Any]:
        """Open the dialog, which is a form."""
        assert await async_setup_component(self.hass, "repairs", {})
        await self.later()
        (issue_id,) = [i for d, i in ir.async_get(self.hass).issues if d == DOMAIN]
        return await self._post("", {"handler": DOMAIN, "issue_id": issue_id})

    async def submit(self, form: dict[str, Any], **data: str) -> dict[str, Any]:
        """Submit a form."""
        result = await self._post(f"/{form['flow_id']}", data)
        await self.hass.async_block_till_done(wait_background_tasks=True)
        return result

    async def _post(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        client = await self._client()
        response = await client.post(f"/api/repairs/issues/fix{path}", json=data)
        return dict(await response.json())


@pytest.fixture
def dialog(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    hass_client: ClientSessionGenerator,
) -> Dialog:
    """Return the dialog of the only repair issue."""
    return Dialog(hass, freezer, hass_client)


@pytest.fixture
async def new(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, online: FakeBoard
) -> FakeBoard:
    """Return a second board, which is online."""
    board = FakeBoard(hass, mqtt_mock, NEW_MAC)
    await board.join()
    await board.start()
    await board.led(1)
    await board.light(77)
    return board


@pytest.mark.rule("S-73", "S-74")
async def test_place(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard, new: FakeBoard
) -> None:
    """Device, entities and area stay; the other device is gone; messages go on."""
    area = ar.async_get(hass).async_create("Hall")
    devices = dr.async_get(hass)
    device = devices.async_update_device(
        online.device.id, area_id=area.id, name_by_user="Door"
    )
    assert device is not None
    own = {
        entity_id: unique_id.replace(MAC, NEW_MAC)
        for entity_id, unique_id in ids(hass, network).items()
        if MAC in unique_id
    }
    await replace(hass, online)
    assert ids(hass, network) == own
    assert new.device.id == device.id
    assert (new.device.area_id, new.device.name_by_user) == (area.id, "Door")
    assert new.device.connections == {("mac", NEW_MAC.lower())}
    assert len(network.runtime_data.devices.all()) == 2
    assert new.states == {"online": "on", "led": "on", "button": "off", "light": "77"}
    assert hass.states.get("sensor.capteur02_light") is None
    await new.light(78)
    assert new.entity_id("sensor", "light") == "sensor.capteur01_light"
    assert new.state("sensor", "light") == "78"
    board = network.runtime_data.registry.boards[NEW_MAC]
    assert [value for _, value in board.readings[LIGHT.index]] == [50, 77, 78]
    await new.join()
    assert new.name == "capteur01"
    await new.start()
    assert new.states["online"] == "on"
    assert new.device.name == "capteur01"


@pytest.mark.rule("S-73")
@pytest.mark.parametrize("killed", [False, True])
async def test_restart(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    new: FakeBoard,
    killed: bool,
) -> None:
    """The place is the same after a restart, also when the registries are older."""
    device, before = online.device, ids(hass, network)
    own = {i: u.replace(MAC, NEW_MAC) for i, u in before.items() if MAC in u}
    devices = network.runtime_data.devices
    with patch.object(devices, "async_move") if killed else nullcontext():
        await replace(hass, online)
    await restart(hass, network)
    assert ids(hass, network) == own
    assert new.device.id == device.id
    await new.light(79)
    assert new.state("sensor", "light") == "79"


async def test_killed_after_two_replacements(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    online: FakeBoard,
    new: FakeBoard,
) -> None:
    """The device of the first board stays, however many boards had its place."""
    device, before = online.device, ids(hass, network)
    own = {i for i, u in before.items() if MAC in u}
    third = FakeBoard(hass, mqtt_mock, "61:EC:ED:3B:25:B3")
    await third.join()
    await third.start()
    network_of = network.runtime_data
    with patch.object(network_of.devices, "async_move"):
        await network_of.replacing.async_replace(
            network_of.registry.boards[MAC], NEW_MAC
        )
        await network_of.replacing.async_replace(
            network_of.registry.boards[NEW_MAC], third.mac
        )
    await restart(hass, network)
    assert third.device.id == device.id
    assert ids(hass, network).keys() == own
    assert len(network.runtime_data.devices.all()) == 2


async def test_a_board_that_blinks(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard, new: FakeBoard
) -> None:
    """A board that blinks to be identified gets the state of its LED back."""
    running = network.runtime_data
    boards = running.registry.boards
    await running.identification.async_identify(boards[NEW_MAC])
    assert boards[NEW_MAC].identifying
    await running.replacing.async_replace(boards[MAC], NEW_MAC)
    assert not boards[NEW_MAC].identifying
    # It is commanded as every LED whose state is uncertain.
    assert (boards[NEW_MAC].led_unconfirmed, boards[NEW_MAC].led_target) == (True, True)


async def test_without_a_device(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard, new: FakeBoard
) -> None:
    """A device that something else has removed is there again after a restart."""
    dr.async_get(hass).async_remove_device(online.device.id)
    running = network.runtime_data
    await running.replacing.async_replace(running.registry.boards[MAC], NEW_MAC)
    await restart(hass, network)
    await new.light(1)
    assert new.state("sensor", "light") == "1"


@pytest.mark.rule("S-74")
async def test_before_it_has_started(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, online: FakeBoard
) -> None:
    """A board whose answer is under way starts the session that it was given."""
    new = FakeBoard(hass, mqtt_mock, NEW_MAC)
    await new.join()
    await replace(hass, online)
    await new.start()
    assert new.states["online"] == "on"
    assert new.name == "capteur02"


@pytest.mark.rule("S-75", "S-76")
async def test_the_old_board_comes_back(
    dialog: Dialog, network: ConfigEntry, online: FakeBoard, new: FakeBoard
) -> None:
    """It gets no answer and is an issue, in which it can be let in."""
    await replace(dialog.hass, online)
    await online.leave()
    assert await dialog.later() == []
    answers = len(online.received("state/nameAssign"))
    for said in online.light(3), online.join():
        await said
        assert await dialog.later() == ["retired"]
        assert len(online.received("state/nameAssign")) == answers
        assert await dialog.later(600) == []
    assert network.runtime_data.statistics.discarded["retired"] == 2
    await restart(dialog.hass, network)
    await online.join()
    form = await dialog.open()
    assert form["step_id"] == "confirm"
    assert (await dialog.submit(form))["type"] == "create_entry"
    await online.join()
    assert online.name == "capteur03"
    assert await dialog.later() == []
    assert online.device.id != new.device.id


async def test_cannot_be_let_in(
    dialog: Dialog, network: ConfigEntry, online: FakeBoard, new: FakeBoard
) -> None:
    """Somebody else was faster, or the network was stopped."""
    await replace(dialog.hass, online)
    await online.join()
    form = await dialog.open()
    await network.runtime_data.management.async_accept(MAC)
    assert (await dialog.submit(form))["reason"] == "not_waiting"
    await replace(dialog.hass, new, MAC)
    await new.join()
    form = await dialog.open()
    await dialog.hass.config_entries.async_unload(network.entry_id)
    assert (await dialog.submit(form))["reason"] == "not_loaded"


async def test_refused(hass: HomeAssistant, online: FakeBoard, new: FakeBoard) -> None:
    """The action says why a board cannot have a place."""
    for old, mac, key in (
        (online, MAC, "replaced_by_itself"),
        (online, "61:ec:ed:3b:25:b9", "not_waiting"),
        (new, MAC.lower(), "replaced_by_older"),
        (new, MAC.replace(":", "-"), "replaced_by_older"),
        (online, "capteur02", "invalid_mac"),
        # Digits with colons and without quotes are one number in YAML.
        (online, 12_345_678, "invalid_mac"),
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await replace(hass, old, mac)
        assert raised.value.translation_key == key
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            DOMAIN,
            "replace_board",
            {"device_id": [online.device.id, new.device.id], "new_mac": MAC},
            blocking=True,
        )
    assert raised.value.translation_key == "one_place_many_boards"


async def test_disk_full(
    hass: HomeAssistant, online: FakeBoard, new: FakeBoard
) -> None:
    """A disk that refuses is an error, and the replacement counts."""
    device = online.device
    with (
        patch(
            "homeassistant.helpers.storage.Store._async_write_data",
            side_effect=WriteError,
        ),
        pytest.raises(HomeAssistantError) as raised,
    ):
        await replace(hass, online)
    assert raised.value.translation_key == "not_saved"
    assert new.device.id == device.id


async def test_a_name_that_was_refused(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    set_up: SetUp,
) -> None:
    """An issue about the name of a device is about the board that has it."""
    await set_up(device_names=True)
    boards = [FakeBoard(hass, mqtt_mock, mac) for mac in (MAC, NEW_MAC)]
    for board in boards:
        await board.join()
        await board.start()
    dr.async_get(hass).async_update_device(boards[0].device.id, name_by_user="a;b")
    await later(hass, freezer, 1)
    assert issue_keys(hass) == ["name_semicolon"]
    await replace(hass, boards[0])
    await later(hass, freezer, 1)
    assert issue_keys(hass) == ["name_semicolon"]
    dr.async_get(hass).async_update_device(boards[1].device.id, name_by_user="ab")
    await later(hass, freezer, 1)
    assert issue_keys(hass) == []


@pytest.mark.rule("S-73", "S-74")
async def test_by_a_waiting_board(
    dialog: Dialog, mqtt_mock: MqttMockHAClient, applicant: FakeBoard
) -> None:
    """Its issue offers to replace a board; it is answered with that board's name."""
    await applicant.join()
    assert (await dialog.choose("replace"))["reason"] == "no_boards"
    assert (await dialog.choose("accept"))["type"] == "create_entry"
    new = FakeBoard(dialog.hass, mqtt_mock, NEW_MAC)
    await new.join()
    form = await dialog.choose("replace")
    assert form["step_id"] == "replace"
    assert (await dialog.submit(form, board=MAC))["type"] == "create_entry"
    answer = new.received("state/nameAssign")[-1]
    assert answer.startswith(f"{NEW_MAC};capteur01;")
    assert await dialog.later() == []


@pytest.mark.parametrize("reason", ["not_waiting", "not_loaded"])
async def test_the_waiting_board_is_gone(
    dialog: Dialog,
    mqtt_mock: MqttMockHAClient,
    approval: ConfigEntry,
    applicant: FakeBoard,
    reason: str,
) -> None:
    """Somebody has refused it, or the network was stopped."""
    await applicant.join()
    await approval.runtime_data.management.async_accept(MAC)
    new = FakeBoard(dialog.hass, mqtt_mock, NEW_MAC)
    await new.join()
    form = await dialog.choose("replace")
    if reason == "not_waiting":
        await approval.runtime_data.management.async_refuse(NEW_MAC)
    else:
        await dialog.hass.config_entries.async_unload(approval.entry_id)
    assert (await dialog.submit(form, board=MAC))["reason"] == reason


@pytest.mark.parametrize(
    ("choice", "reason"),
    [(NEW_MAC, "replaced_by_itself"), (f"{MAC[:-1]}9", "replaced_by_older")],
)
async def test_the_waiting_board_was_accepted(
    dialog: Dialog,
    approval: ConfigEntry,
    applicant: FakeBoard,
    choice: str,
    reason: str,
) -> None:
    """Somebody else has accepted it, and another board, while the dialog was open."""
    await FakeBoard(dialog.hass, applicant.mqtt, NEW_MAC).join()
    menu = await dialog.open()
    await approval.runtime_data.management.async_accept(NEW_MAC)
    await dialog.later()
    approval.runtime_data.registry.admission.mode = Mode.OPEN
    await FakeBoard(dialog.hass, applicant.mqtt, f"{MAC[:-1]}9").join()
    form = await dialog.submit(menu, next_step_id="replace")
    assert (await dialog.submit(form, board=choice))["reason"] == reason
    texts = await async_get_translations(dialog.hass, "en", "issues", {DOMAIN})
    assert f"component.{DOMAIN}.issues.waiting.fix_flow.abort.{reason}" in texts
