"""Giving boards the names that their devices have in Home Assistant."""

from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, Event, callback
from homeassistant.helpers import device_registry as dr

from .sessions import NameRefused

if TYPE_CHECKING:
    from .network import Network


class DeviceNames:
    """Follows what the owner calls the devices of a network."""

    def __init__(self, network: Network) -> None:
        """Prepare."""
        self._network = network

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Follow, beginning with the names that were given before; returns how to stop."""
        for device in self._devices_of_network():
            self._apply(device)
        return self._network.hass.bus.async_listen(
            dr.EVENT_DEVICE_REGISTRY_UPDATED, self._updated
        )

    def _devices_of_network(self) -> list[dr.DeviceEntry]:
        return dr.async_entries_for_config_entry(
            dr.async_get(self._network.hass), self._network.entry.entry_id
        )

    @callback
    def _updated(self, event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        data = event.data
        # A device that was deleted has its name again when its board comes back.
        if data["action"] == "create" or (
            data["action"] == "update" and "name_by_user" in data["changes"]
        ):
            for device in self._devices_of_network():
                if device.id == data["device_id"]:
                    self._apply(device)

    @callback
    def async_retry(self) -> None:
        """Try again the names that were refused: a board that had one may be gone."""
        refused = self._network.refused_names
        for device in self._devices_of_network() if refused else ():
            board = self._network.board_of(device)
            if board is not None and board.mac in refused:
                self._apply(device)

    def _apply(self, device: dr.DeviceEntry) -> None:
        """Have a board called as its device, from its next session on.

        Where that is not possible it keeps its name, and the owner is told.
        """
        network, name = self._network, device.name_by_user
        if (board := network.board_of(device)) is None:
            return
        network.refused_names.pop(board.mac, None)
        if name is None:
            return
        try:
            network.registry.rename(board, name)
        except NameRefused as refused:
            network.refused_names[board.mac] = (name, refused.reason)
