"""The messages received last, to recognize a duplicate."""

from collections import deque
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from .node_message import NodeMessage
from .session import is_same_session, may_be_same_session

_MOST: Final = 32
"""How many messages a duplicate may come after its original."""


class RecentMessages:
    """The messages received last."""

    def __init__(self) -> None:
        """Initialize with none."""
        self._messages: deque[NodeMessage[Any]] = deque(maxlen=_MOST)

    @property
    def newest(self) -> NodeMessage[Any] | None:
        """The message received last."""
        return self._messages[-1] if self._messages else None

    def remember(self, message: NodeMessage[Any]) -> None:
        """Remember a message."""
        self._messages.append(message)

    def has_copy(
        self, message: NodeMessage[Any], *, counter_may_restart: bool, within: timedelta
    ) -> bool:
        """Return whether a message has been received before.

        Where the frame counter restarts with each image, an image may repeat a line of
        the one before, and where the session is not known, a message of another session
        may be equal: then only a copy that comes `within` a time is a duplicate.
        """
        for known in self._messages:
            if not may_be_same_session(message.session, known.session):
                continue
            certain = (
                is_same_session(message.session, known.session)
                and not counter_may_restart
            )
            copy = replace(
                message, session=known.session, received_at=known.received_at
            )
            elapsed = abs(message.received_at - known.received_at)
            if copy == known and (certain or elapsed < within):
                return True
        return False
