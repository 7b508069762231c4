"""A network in Home Assistant, and boards that publish to it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_mqtt_message,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockHAClient,
)

from custom_components.esp32_sensors.const import CONF_PREFIX, DOMAIN
from custom_components.esp32_sensors.hub import storage
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.storage import Store
from homeassistant.setup import async_setup_component
from homeassistant.util.file import WriteError

MAC = "61:EC:ED:3B:25:B1"

QOS = {
    "state/join": 2,
    "state/leave": 2,
    "state/nameAssign": 2,
    "led/command": 1,
    "led/status": 1,
}
"""The document's table of channels; QoS 0 where a topic is missing."""


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker for the rules of docs/protocol.md that a test is about."""
    config.addinivalue_line("markers", "rule(*numbers): rules that the test is about")


type SetUp = Callable[..., Awaitable[ConfigEntry]]


@contextmanager
def disk_that_refuses(times: int) -> Iterator[list[bool]]:
    """Let the next writes of a network fail; yield which writes have succeeded.

    Those of Home Assistant do not count: on a busy machine it may write at the same time.
    """
    writes: list[bool] = []
    write = Store._async_write_data

    async def refuse(store: Store[Any], data: dict[str, Any]) -> None:
        if isinstance(store, storage.CheckedStore):
            writes.append(len(writes) >= times)
            if not writes[-1]:
                raise WriteError
        await write(store, data)

    with patch.object(Store, "_async_write_data", refuse):
        yield writes


async def settle() -> None:
    """Let started tasks run, also with a frozen clock."""
    for _ in range(20):
        await asyncio.sleep(0)


class FakeBoard:
    """A board that publishes what a test requests."""

    def __init__(
        self,
        hass: HomeAssistant,
        mqtt_mock: MqttMockHAClient,
        mac: str = MAC,
        prefix: str = "",
        directed: bool = False,
        *,
        highest_qos: int = 2,
    ) -> None:
        """Initialize without publishing anything.

        ``highest_qos``: what the broker allows, or the board's firmware can do.
        """
        self.hass = hass
        self.mac = mac
        self.name = ""
        self.session_id = ""
        self.waits = True
        """Whether to wait until Home Assistant has nothing left to do."""
        self.mqtt = mqtt_mock
        self._prefix = prefix
        self._suffix = f"/{mac}" if directed else ""
        self.highest_qos = highest_qos

    async def publish(
        self, topic: str, payload: str | bytes, retain: bool = False
    ) -> None:
        """Publish a message on a topic of this board."""
        async_fire_mqtt_message(
            self.hass,
            f"{self._prefix}{topic}{self._suffix}",
            payload,
            min(QOS.get(topic, 0), self.highest_qos),
            retain,
        )
        if self.waits:
            await self.hass.async_block_till_done(wait_background_tasks=True)
        else:
            await settle()

    def received(self, topic: str) -> list[str]:
        """Return all payloads on a topic of this board; check QoS and retain flag."""
        own_topic = f"{self._prefix}{topic}{self._suffix}"
        payloads = []
        for call in self.mqtt.async_publish.call_args_list:
            names = "topic", "payload", "qos", "retain"
            message = dict(zip(names, call.args, strict=False)) | call.kwargs
            if message["topic"] == own_topic:
                # QoS 1 until the broker has proven that it takes more.
                qos = min(QOS[topic], max(self.highest_qos, 1))
                assert (message["qos"], message["retain"]) == (qos, False)
                payloads.append(message["payload"])
        return payloads

    async def join(self) -> None:
        """Join, and store the answer."""
        await self.publish("state/join", self.mac)
        for assignment in self.received("state/nameAssign"):
            mac, name, session_id = assignment.split(";")
            if mac == self.mac:
                self.name, self.session_id = name, session_id

    @property
    def credentials(self) -> str:
        """Return name and session id."""
        return f"{self.name};{self.session_id}"

    async def start(self) -> None:
        """Start the session."""
        await self.publish("state/join", self.credentials)

    async def leave(self) -> None:
        """Publish the leave message, as the last will is."""
        await self.publish("state/leave", self.credentials)

    async def led(self, value: object) -> None:
        """Report the LED."""
        await self.publish("led/status", f"{self.credentials};{value}")

    async def button(self, value: object) -> None:
        """Report the button."""
        await self.publish("button/status", f"{self.credentials};{value}")

    async def info(self, firmware: str, version: str) -> None:
        """Report the firmware."""
        await self.publish("state/info", f"{self.credentials};{firmware};{version}")

    async def light(self, value: object) -> None:
        """Report the light."""
        await self.publish("photoresistor/status", f"{self.credentials};{value}")

    @property
    def device(self) -> dr.DeviceEntry:
        """Return the device of this board."""
        (device,) = [
            device
            for device in dr.async_get(self.hass).devices
            if (DOMAIN, self.mac.upper()) in device.identifiers
        ]
        return device

    def entity_id(self, platform: str, key: str) -> str:
        """Return the id of an entity of this board."""
        (entity_id,) = [
            entity.entity_id
            for entity in er.async_get(self.hass).entities.values()
            if entity.platform == DOMAIN
            and entity.domain == platform
            and entity.unique_id.endswith(f"_{self.mac.upper()}_{key}")
        ]
        return entity_id

    def state(self, platform: str, key: str) -> str | None:
        """Return the state of an entity of this board, None when there is none."""
        state = self.hass.states.get(self.entity_id(platform, key))
        return state.state if state else None

    @property
    def states(self) -> dict[str, str | None]:
        """Return the states of the main entities."""
        return {
            "online": self.state("binary_sensor", "connectivity"),
            "led": self.state("switch", "led"),
            "button": self.state("binary_sensor", "button"),
            "light": self.state("sensor", "light"),
        }


async def change_options(
    hass: HomeAssistant, entry: ConfigEntry, **options: object
) -> None:
    """Change options in the options flow, where they are in sections."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    if result["type"] is FlowResultType.MENU:
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], {"next_step_id": "settings"}
        )
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], in_sections(options)
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


def in_sections(options: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Return options as the form of the options flow sends them."""
    sections = {
        "joining": ("admission", "board_limit"),
        "names": ("name_prefix", "device_names"),
        "values": ("silence_limit", "light_change", "light_silence"),
    }
    return {
        section: {key: options[key] for key in keys if key in options}
        for section, keys in sections.items()
    }


async def later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def restart(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Unload and load a network."""
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()


def issue_keys(hass: HomeAssistant) -> list[str]:
    """Return the translation keys of the active issues."""
    return [
        str(issue.translation_key)
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active
    ]


async def decide(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, choice: str
) -> dict[str, Any]:
    """Decide about the waiting board in the repair flow."""
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    (issue_id,) = [i for d, i in ir.async_get(hass).issues if d == DOMAIN]
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    assert response.status == HTTPStatus.OK
    flow = await response.json()
    assert flow["type"] == "menu"
    response = await client.post(
        f"/api/repairs/issues/fix/{flow['flow_id']}", json={"next_step_id": choice}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    result: dict[str, Any] = await response.json()
    return result


@pytest.fixture(autouse=True)
def write_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait between two flushed writes."""
    monkeypatch.setattr(storage, "WRITE_INTERVAL", 0.0)


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Accept the timer of the MQTT integration, which outlives the mocked client."""
    return True


@pytest.fixture
def set_up(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> SetUp:
    """Return a function that sets up a network in the config flow."""

    async def set_up(prefix: str = "", **options: object) -> ConfigEntry:
        result = await hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_USER}
        )
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], {CONF_PREFIX: prefix}
        )
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()
        entry = result["result"]
        if options:
            await change_options(hass, entry, **options)
        return entry

    return set_up


@pytest.fixture
async def network(set_up: SetUp) -> ConfigEntry:
    """Return the config entry of a network without prefix."""
    return await set_up()


@pytest.fixture
def board(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, network: ConfigEntry
) -> FakeBoard:
    """Return a board that has not joined yet."""
    return FakeBoard(hass, mqtt_mock)


@pytest.fixture
async def online(board: FakeBoard) -> FakeBoard:
    """Return a board that is online and has reported LED and light."""
    await board.join()
    await board.start()
    await board.led(0)
    await board.light(50)
    return board


@pytest.fixture
async def approval(freezer: FrozenDateTimeFactory, set_up: SetUp) -> ConfigEntry:
    """Return a network whose new boards need approval."""
    return await set_up(admission="approval")


@pytest.fixture
def applicant(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, approval: ConfigEntry
) -> FakeBoard:
    """Return a board that was never seen before."""
    return FakeBoard(hass, mqtt_mock)
