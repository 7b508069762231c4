"""A network in Home Assistant, and boards to talk to it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_mqtt_message,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.const import CONF_PREFIX, DOMAIN
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er

MAC = "61:EC:ED:3B:25:B1"

QOS = {"state/nameAssign": 2, "led/command": 1}
"""Of what boards are told."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known that ties a test to rules of docs/protocol.md."""
    config.addinivalue_line("markers", "rule(*numbers): rules that the test is about")


type SetUp = Callable[..., Awaitable[ConfigEntry]]


async def settle() -> None:
    """Let what was set off begin, also while the clock stands still."""
    for _ in range(20):
        await asyncio.sleep(0)


class FakeBoard:
    """A board, by hand: says what it is told to say."""

    def __init__(
        self,
        hass: HomeAssistant,
        mqtt_mock: MqttMockHAClient,
        mac: str = MAC,
        prefix: str = "",
        directed: bool = False,
    ) -> None:
        """Switch the board on; it says nothing yet."""
        self.hass = hass
        self.mac = mac
        self.name = ""
        self.session_id = ""
        self.waits = True
        """Whether to wait until Home Assistant has nothing left to do."""
        self._mqtt = mqtt_mock
        self._prefix = prefix
        self._suffix = f"/{mac}" if directed else ""

    async def say(self, topic: str, payload: str | bytes, retain: bool = False) -> None:
        """Publish anything."""
        async_fire_mqtt_message(
            self.hass,
            f"{self._prefix}{topic}{self._suffix}",
            payload,
            retain=retain,
        )
        if self.waits:
            await self.hass.async_block_till_done(wait_background_tasks=True)
        else:
            await settle()

    def heard(self, topic: str) -> list[str]:
        """Return all that was ever published on a topic this board listens to, as the protocol wants it."""
        own_topic = f"{self._prefix}{topic}{self._suffix}"
        heard = []
        for call in self._mqtt.async_publish.call_args_list:
            names = "topic", "payload", "qos", "retain"
            said = dict(zip(names, call.args, strict=False)) | call.kwargs
            if said["topic"] == own_topic:
                assert (said["qos"], said["retain"]) == (QOS[topic], False)
                heard.append(said["payload"])
        return heard

    async def join(self) -> None:
        """Ask for a session, and keep what is answered."""
        await self.say("state/join", self.mac)
        for assignment in self.heard("state/nameAssign"):
            mac, name, session_id = assignment.split(";")
            if mac == self.mac:
                self.name, self.session_id = name, session_id

    @property
    def credentials(self) -> str:
        """Return what every message begins with."""
        return f"{self.name};{self.session_id}"

    async def start(self) -> None:
        """Start the session."""
        await self.say("state/join", self.credentials)

    async def leave(self) -> None:
        """Leave, or have the broker send the last will."""
        await self.say("state/leave", self.credentials)

    async def led(self, value: object) -> None:
        """Report the LED."""
        await self.say("led/status", f"{self.credentials};{value}")

    async def button(self, value: object) -> None:
        """Report the button."""
        await self.say("button/status", f"{self.credentials};{value}")

    async def light(self, value: object) -> None:
        """Report the light."""
        await self.say("photoresistor/status", f"{self.credentials};{value}")

    @property
    def device(self) -> dr.DeviceEntry:
        """Find the device that stands for this board."""
        (device,) = [
            device
            for device in dr.async_get(self.hass).devices
            if (DOMAIN, self.mac.upper()) in device.identifiers
        ]
        return device

    def entity_id(self, platform: str, key: str) -> str:
        """Find an entity of this board."""
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
        return state and state.state

    @property
    def states(self) -> dict[str, str | None]:
        """Return what a user sees of this board at once."""
        return {
            "online": self.state("binary_sensor", "connectivity"),
            "led": self.state("switch", "led"),
            "button": self.state("binary_sensor", "button"),
            "light": self.state("sensor", "light"),
        }


async def change_options(
    hass: HomeAssistant, entry: ConfigEntry, **options: object
) -> None:
    """Change options as a person does."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    if result["type"] is FlowResultType.MENU:
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], {"next_step_id": "settings"}
        )
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], options
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


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


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let the MQTT integration's own timer be; it outlives the mocked client."""
    return True


@pytest.fixture
def set_up(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> SetUp:
    """Set up a network as a person does."""

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
    """Return a board that has joined and told how it is."""
    await board.join()
    await board.start()
    await board.led(0)
    await board.light(50)
    return board
