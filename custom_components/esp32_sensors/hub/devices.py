"""Devices of a network and its boards in the device registry."""

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..const import DOMAIN
from ..core.board_registry import BoardRegistry
from ..core.boards import Board


class NetworkDevices:
    """Creates, finds and removes the devices of a network."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, registry: BoardRegistry
    ) -> None:
        """Initialize without touching the device registry."""
        self.being_deleted: set[str] = set()
        """MACs of boards whose devices are being deleted."""
        self._hass = hass
        self._entry = entry
        self._registry = registry
        self._devices = dr.async_get(hass)

    @callback
    def async_create_all(self) -> None:
        """Create or update the devices of the network and of all boards."""
        self._network_device_id = self._create_network_device().id
        for board in self._registry.boards.values():
            self.async_create(board)

    @callback
    def async_follow_title(self) -> CALLBACK_TYPE:
        """Name the device of the network as its entry; return the unsubscriber."""
        return async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
        )

    @callback
    def _entry_changed(self, _change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry is self._entry:
            self._create_network_device()

    def _create_network_device(self) -> dr.DeviceEntry:
        return self._devices.async_get_or_create(
            config_entry_id=self._entry.entry_id,
            identifiers={(DOMAIN, self._entry.entry_id)},
            entry_type=dr.DeviceEntryType.SERVICE,
            name=self._entry.title,
            model="ESP32 network",
        )

    @callback
    def async_create(self, board: Board) -> dr.DeviceEntry:
        """Create the device of a board, or give it the current name and firmware."""
        return self._devices.async_get_or_create(
            config_entry_id=self._entry.entry_id,
            identifiers={(DOMAIN, board.mac)},
            connections={(dr.CONNECTION_NETWORK_MAC, board.mac)},
            name=board.session.name,
            manufacturer="Espressif",
            model="ESP32",
            sw_version=" ".join(board.firmware) if board.firmware else None,
            via_device_id=self._network_device_id,
        )

    @callback
    def async_move(self, mac: str, new_mac: str) -> None:
        """Give the device and the entities of a board to the board that replaces it.

        Device and entities that the other board has itself are removed.
        """
        if (other := self._device_of(new_mac)) is not None:
            self._remove(other)
        prefix = f"{self._entry.entry_id}_{mac}_"
        entities = er.async_get(self._hass)
        for entity in er.async_entries_for_config_entry(entities, self._entry.entry_id):
            if entity.unique_id.startswith(prefix):
                key = entity.unique_id.removeprefix(prefix)
                entities.async_update_entity(
                    entity.entity_id,
                    new_unique_id=f"{self._entry.entry_id}_{new_mac}_{key}",
                )
        if (device := self._device_of(mac)) is not None:
            self._devices.async_update_device(
                device.id,
                new_identifiers={(DOMAIN, new_mac)},
                new_connections={(dr.CONNECTION_NETWORK_MAC, new_mac)},
            )

    @callback
    def async_complete_moves(self) -> None:
        """Do what was not on the disk when Home Assistant was killed after a replacement.

        Of several boards that had one place after each other, the device of the first is
        the one that stays.
        """
        moved = set()
        for retired in self._registry.retired:
            mac, new_mac = retired.address.upper(), retired.replaced_by
            if (device := self._device_of(mac)) is None:
                continue
            if new_mac in moved:
                self._remove(device)
            else:
                moved.add(new_mac)
                self.async_move(mac, new_mac)

    def _remove(self, device: dr.DeviceEntry) -> None:
        entities = er.async_get(self._hass)
        for entity in er.async_entries_for_device(
            entities, device.id, include_disabled_entities=True
        ):
            entities.async_remove(entity.entity_id)
        self._devices.async_remove_device(device.id)

    @callback
    def async_set_area(self, board: Board, area_id: str) -> None:
        """Put the device of a board, which is created if there is none, into an area."""
        device = self.async_create(board)
        self._devices.async_update_device(device.id, area_id=area_id)

    def device_of(self, board: Board) -> dr.DeviceEntry | None:
        """Return the device of a board; None when it was deleted."""
        return self._device_of(board.mac)

    def _device_of(self, mac: str) -> dr.DeviceEntry | None:
        return self._devices.async_get_device_by_identifier(
            (DOMAIN, mac), self._entry.entry_id
        )

    def board_of(self, device: dr.DeviceEntry) -> Board | None:
        """Return the board of a device; None when it is no board of this network."""
        for domain, mac in device.identifiers:
            if domain == DOMAIN and mac in self._registry.boards:
                return self._registry.boards[mac]
        return None

    def names_of_lost_boards(self) -> dict[str, str]:
        """Return the names of devices whose boards are not known, by MAC.

        There are such devices when the file of names and sessions was damaged, or is of an
        older backup.
        """
        return {
            mac: device.name
            for device in self.all()
            if device.entry_type is None and device.name
            for domain, mac in device.identifiers
            if domain == DOMAIN and mac not in self._registry.boards
        }

    @callback
    def async_forget_lost(self, device: dr.DeviceEntry) -> None:
        """Release the name of a board that is not known, before its device is deleted."""
        for mac in dict(device.identifiers).values():
            self._registry.forget_lost(mac)

    def all(self) -> list[dr.DeviceEntry]:
        """Return all devices of the network."""
        return dr.async_entries_for_config_entry(self._devices, self._entry.entry_id)
