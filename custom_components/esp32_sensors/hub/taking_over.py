"""Boards of the first server, taken over into a running network."""

from collections.abc import Collection

from ..core import take_over
from ..core.first_server import OldBoard
from ..core.session_server import SessionServer
from . import clock
from .board_listeners import BoardListeners
from .issues import Issues
from .saving import async_save_decision
from .storage import RegistryFiles


class TakingOver:
    """Takes over boards, and stores them before this is reported as done."""

    def __init__(
        self,
        *,
        server: SessionServer,
        files: RegistryFiles,
        boards: BoardListeners,
        issues: Issues,
    ) -> None:
        """Initialize with the parts of a network that are changed."""
        self._server = server
        self._files = files
        self._boards = boards
        self._issues = issues

    def plan(self, boards: list[OldBoard]) -> list[take_over.Step]:
        """Return what taking over these boards would do now."""
        return take_over.plan(self._server.registry, boards)

    async def async_take_over(
        self, boards: list[OldBoard], chosen: Collection[str]
    ) -> tuple[int, int]:
        """Take over boards; return how many were added, and how many completed.

        ``chosen``: MACs of known boards that are to be completed. Raises
        ``HomeAssistantError`` when the disk refuses to store them.
        """
        added, completed = take_over.take_over(
            self._server.registry, boards, chosen, clock.now().utc
        )
        for board in added:
            self._boards.async_announce(board)
            self._server.problems.unknown_sessions.drop(board.session.name)
        self._issues.update()
        await async_save_decision(self._files)
        await self._files.async_save()
        return len(added), len(completed)
