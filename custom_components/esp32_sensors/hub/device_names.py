"""Names of devices in Home Assistant as names of their boards."""

from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..core.board_names import NameRefused, same_name_key
from ..core.board_registry import BoardRegistry
from ..core.boards import Board
from .devices import NetworkDevices


class DeviceNames:
    """Names boards as their devices."""

    def __init__(
        self, hass: HomeAssistant, registry: BoardRegistry, devices: NetworkDevices
    ) -> None:
        """Initialize without following the devices."""
        self.refused: dict[str, tuple[str, str]] = {}
        """The refused name and the reason, by MAC of the board."""
        self._hass = hass
        self._registry = registry
        self._devices = devices

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Apply the names of all devices and follow them; return the unsubscriber."""
        for device in self._devices.all():
            self._apply(device)
        return self._hass.bus.async_listen(
            dr.EVENT_DEVICE_REGISTRY_UPDATED, self._updated
        )

    def forget(self, board: Board) -> None:
        """Drop a refused name: the board was removed."""
        self.refused.pop(board.mac, None)

    def move(self, mac: str, new_mac: str) -> None:
        """Note that a board has got the MAC of another one, which is gone."""
        refused = self.refused.pop(mac, None)
        self.refused.pop(new_mac, None)
        if refused is not None:
            self.refused[new_mac] = refused

    @callback
    def _updated(self, event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        data = event.data
        # A deleted device has its name again when its board comes back.
        if data["action"] == "create" or (
            data["action"] == "update" and "name_by_user" in data["changes"]
        ):
            before = None
            if data["action"] == "update":
                before = data["changes"].get("name_by_user")
            for device in self._devices.all():
                if device.id == data["device_id"]:
                    self._apply(device, before)

    @callback
    def async_retry(self) -> None:
        """Try refused names again: the board that had one may have been removed."""
        for device in self._devices.all() if self.refused else ():
            board = self._devices.board_of(device)
            if board is not None and board.mac in self.refused:
                self._apply(device)

    def _apply(self, device: dr.DeviceEntry, before: str | None = None) -> None:
        """Name a board as its device, from its next session on.

        When the name of a device was cleared, its board gets its own name back. Boards
        that were named by a release that did not store their own names are recognized by
        ``before``, the name of the device until now. A board whose name is refused keeps
        its name, and a repair issue shows the reason.
        """
        name = (device.name_by_user or "").strip()
        if (board := self._devices.board_of(device)) is None:
            return
        self.refused.pop(board.mac, None)
        try:
            if name:
                self._registry.name_as_device(board, name)
            elif board.own_name is not None or _is_named(board, before):
                name = board.own_name or name
                self._registry.name_as_before(board)
        except NameRefused as refused:
            self.refused[board.mac] = (name, refused.reason)


def _is_named(board: Board, name: str | None) -> bool:
    """Return whether a board has or will have this name."""
    now = board.name_to_come
    return name is not None and same_name_key(name) == same_name_key(now)
