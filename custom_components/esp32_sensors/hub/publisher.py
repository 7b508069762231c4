"""Messages to the boards: assignments and LED commands."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
import logging
from time import monotonic

from homeassistant.exceptions import HomeAssistantError

from ..core import protocol
from ..core.boards import Board, Session
from .assignments import CONCURRENT_DIRECTED, CONCURRENT_SHARED, Assignments
from .mqtt_link import MqttLink

_LOGGER = logging.getLogger(__name__)


class Publisher:
    """Publishes what the server sends to the boards of a network."""

    def __init__(
        self,
        link: MqttLink,
        save: Callable[[], Awaitable[None]],
        create_task: Callable[[Coroutine[None, None, None]], asyncio.Task[None]],
    ) -> None:
        """Initialize; ``save`` returns when all sessions are on the disk."""
        self._link = link
        self._assignments = {
            directed: Assignments(save, self._async_assign, create_task, concurrent)
            for directed, concurrent in (
                (False, CONCURRENT_SHARED),
                (True, CONCURRENT_DIRECTED),
            )
        }
        """By whether boards have topics of their own."""

    def assign(self, board: Board) -> None:
        """Publish the session of a board as soon as it is on the disk."""
        self._assignments[board.directed].queue(board)

    def cancel(self, board: Board) -> None:
        """Do not publish an assignment that is still queued."""
        for assignments in self._assignments.values():
            assignments.cancel(board)

    async def async_send_led_command(self, board: Board, on: bool) -> None:
        """Publish an LED command; return when the broker has accepted it."""
        session = board.session
        await self._link.async_publish(
            f"{protocol.LED_COMMAND}{board.topic_suffix}",
            protocol.format_led_command(session.name, session.id, on),
            qos=1,
        )

    async def _async_assign(self, board: Board, session: Session) -> None:
        """Publish one assignment."""
        if session.sent_at is None:
            session.sent_at = monotonic()
        try:
            await self._link.async_publish(
                f"{protocol.NAME_ASSIGN}{board.topic_suffix}",
                protocol.format_assignment(board.address, session.name, session.id),
                qos=2,
            )
        except HomeAssistantError as err:
            # The board joins again.
            _LOGGER.debug("Could not answer %s: %s", board.mac, err)
