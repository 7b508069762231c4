"""Replacement of a board in Home Assistant: its device, entities and stored sessions."""

from homeassistant.exceptions import ServiceValidationError

from ..const import DOMAIN
from ..core.boards import Board, State
from ..core.replacement import ReplacementRefused, replace
from ..core.session_server import SessionServer
from . import clock
from .device_names import DeviceNames
from .devices import NetworkDevices
from .identification import Identification
from .issues import Issues
from .publisher import Publisher
from .saving import async_save_decision
from .statistics import NetworkStatistics
from .storage import RegistryFiles


class Replacing:
    """Replaces boards, and stores this before it is reported as done."""

    def __init__(
        self,
        *,
        server: SessionServer,
        files: RegistryFiles,
        publisher: Publisher,
        devices: NetworkDevices,
        names: DeviceNames,
        statistics: NetworkStatistics,
        issues: Issues,
        identification: Identification,
    ) -> None:
        """Initialize with the parts of a network that are changed."""
        self._server = server
        self._files = files
        self._publisher = publisher
        self._devices = devices
        self._names = names
        self._statistics = statistics
        self._issues = issues
        self._identification = identification

    async def async_replace(self, board: Board, new_mac: str) -> None:
        """Let the board with a MAC take the place of another one, and answer it.

        Raises ``ServiceValidationError`` when it cannot, ``HomeAssistantError`` when the
        disk refuses to store it. It is valid then nevertheless.
        """
        mac = board.mac
        other = self._server.registry.boards.get(new_mac)
        for one in (board, other):
            if one is not None:
                await self._identification.async_end(one)
        try:
            other = replace(self._server, board, new_mac, clock.now())
        except ReplacementRefused as refused:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=refused.reason,
                translation_placeholders={
                    "mac": new_mac,
                    "name": board.session.name,
                },
            ) from None
        for gone in (board, other):
            if gone is not None:
                self._publisher.cancel(gone)
        self._names.move(mac, new_mac)
        self._devices.async_move(mac, new_mac)
        if board.session.state is State.ASSIGNED:
            self._publisher.assign(board)
        self._statistics.async_notify()
        self._issues.update()
        await async_save_decision(self._files)
        await self._files.async_save()
