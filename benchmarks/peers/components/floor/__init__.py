"""The least a custom integration can do with the protocol: subscribe, split, look up, check the session, write.

A config entry's data: ``prefix``; ``boards``, the names of those known at the start; ``entities``, what each board has:
platform, key, and whether it is enabled. A name on ``state/join`` is a new board, online at once, in session ``1``.
Only its light changes.
"""

from typing import override

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

DOMAIN = "floor"
SESSION = "1"

PLATFORMS = [Platform.BINARY_SENSOR, Platform.EVENT, Platform.SENSOR, Platform.SWITCH]

type FloorEntry = ConfigEntry[Floor]


class FloorEntity(Entity):
    """An entity of a board."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, floor: Floor, name: str, key: str, enabled: bool) -> None:
        """Make it."""
        self._floor = floor
        self._name = name
        self._attr_unique_id = f"{name}_{key}"
        self._attr_name = key
        self._attr_entity_registry_enabled_default = enabled
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, name)}, name=name)

    @override
    async def async_added_to_hass(self) -> None:
        """Write the board's light."""
        if self._attr_name == "light":
            self._floor.lights[self._name] = (SESSION, self)

    def write(self, value: int) -> None:
        """Write a value if the entity has one."""


class Floor:
    """The boards of an entry."""

    def __init__(self, hass: HomeAssistant, entry: FloorEntry) -> None:
        """Prepare."""
        self._hass = hass
        self._entry = entry
        self.lights: dict[str, tuple[str, FloorEntity]] = {}
        """Session and light entity, by the board's name."""
        self._new: list[str] = []
        self._adders: dict[
            str, tuple[AddConfigEntryEntitiesCallback, type[FloorEntity]]
        ] = {}

    async def async_start(self) -> None:
        """Add the known boards, and subscribe."""
        self._new = list(self._entry.data["boards"])
        self._add_new()
        for topic, receive in (
            ("state/join", self._join),
            ("photoresistor/status", self._light),
        ):
            self._entry.async_on_unload(
                await mqtt.async_subscribe(
                    self._hass, f"{self._entry.data['prefix']}{topic}", receive, 0
                )
            )

    def adds(
        self,
        platform: Platform,
        add: AddConfigEntryEntitiesCallback,
        kind: type[FloorEntity],
    ) -> None:
        """Store the function that adds entities of a platform."""
        self._adders[platform] = (add, kind)

    @callback
    def _join(self, message: mqtt.ReceiveMessage) -> None:
        if not self._new:
            self._hass.loop.call_soon(self._add_new)
        self._new.append(str(message.payload))

    @callback
    def _add_new(self) -> None:
        names, self._new = self._new, []
        for platform, (add, kind) in self._adders.items():
            add(
                kind(self, name, key, enabled)
                for name in names
                for of, key, enabled in self._entry.data["entities"]
                if of == platform
            )

    @callback
    def _light(self, message: mqtt.ReceiveMessage) -> None:
        name, session, value = str(message.payload).split(";")
        known = self.lights.get(name)
        if known is not None and known[0] == session:
            known[1].write(int(value))


async def async_setup_entry(hass: HomeAssistant, entry: FloorEntry) -> bool:
    """Set up."""
    await mqtt.async_wait_for_mqtt_client(hass)
    floor = entry.runtime_data = Floor(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    await floor.async_start()
    return True
