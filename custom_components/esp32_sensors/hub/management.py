"""Decisions of the owner about boards, stored before they are reported as done."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from ..core.board_names import NameRefused
from ..core.boards import Board
from ..core.protocol import Discarded
from ..core.session_server import SessionServer
from . import clock
from .board_listeners import BoardListeners
from .device_names import DeviceNames
from .devices import NetworkDevices
from .identification import Identification
from .issues import Issues
from .publisher import Publisher
from .saving import async_save_decision
from .storage import RegistryFiles


class BoardManagement:
    """Accepts, refuses, renames and removes boards for their owner.

    Each method raises ``HomeAssistantError`` when the disk refuses to store the decision.
    The decision is valid nevertheless, and is stored as soon as that is possible.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        server: SessionServer,
        files: RegistryFiles,
        publisher: Publisher,
        devices: NetworkDevices,
        boards: BoardListeners,
        names: DeviceNames,
        issues: Issues,
        identification: Identification,
    ) -> None:
        """Initialize with the parts of a network that decisions change."""
        self._hass = hass
        self._server = server
        self._files = files
        self._publisher = publisher
        self._devices = devices
        self._boards = boards
        self._names = names
        self._issues = issues
        self._identification = identification

    async def async_accept(self, mac: str, name: str = "", area_id: str = "") -> None:
        """Admit a board that waits or was refused, and answer it.

        ``name``: what the owner calls it; "": a default name. ``area_id``: the area of
        its device; "": none. Raises ``ServiceValidationError`` when it neither waits nor
        was refused, when it cannot have this name, or when the network is full.
        """
        try:
            board = self._server.accept(mac, clock.now(), name)
        except NameRefused as refused:
            raise _refused(f"name_{refused.reason}", name=name) from None
        except Discarded:
            limit = str(len(self._server.registry.boards))
            raise _refused("too_many_boards", limit=limit) from None
        if board is None:
            raise _refused("not_waiting", mac=mac)
        if area_id:
            self._devices.async_set_area(board, area_id)
        self._boards.async_announce(board)
        self._publisher.assign(board)
        self._issues.update()
        await self._save()

    async def async_refuse(self, mac: str) -> None:
        """Refuse a waiting board permanently.

        Raises ``ServiceValidationError`` when it does not wait any more.
        """
        if not self._server.refuse(mac):
            raise _refused("not_waiting", mac=mac)
        self._issues.update()
        await self._save()

    async def async_allow_shared(self, mac: str) -> None:
        """Let a board with topics of its own join on the shared topics again.

        Raises ``ServiceValidationError`` when it has not tried to recently.
        """
        if not self._server.allow_shared(mac):
            raise _refused("not_astray", mac=mac)
        self._issues.update()
        await self._save()

    async def async_rename(self, board: Board, name: str) -> None:
        """Give a board another name from its next session on.

        Raises ``ServiceValidationError`` when it cannot have this name.
        """
        try:
            self._server.registry.rename(board, name)
        except NameRefused as refused:
            raise _refused(f"name_{refused.reason}", name=name) from None
        await self._save()

    async def async_forget(self, board: Board, device: dr.DeviceEntry | None) -> None:
        """Remove a board and its device; if it joins again, it is a new board."""
        if device is not None:
            dr.async_get(self._hass).async_remove_device(device.id)
        self._server.forget(board)
        self._names.forget(board)
        self._identification.forget(board)
        self._publisher.cancel(board)
        self._issues.update()
        # A board that joins during the write would get the same device again, and Home
        # Assistant, which called this function, deletes that device when it returns.
        self._devices.being_deleted.add(board.mac)
        try:
            await self._save()
        finally:
            self._hass.loop.call_soon(self._devices.being_deleted.discard, board.mac)

    async def _save(self) -> None:
        """Return when the decision is on the disk."""
        await async_save_decision(self._files)


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
