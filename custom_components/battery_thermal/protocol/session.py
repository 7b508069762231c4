"""The session of a message: the one rule by which sessions are compared.

A session begins when the node joins, and its id comes with each message that is heard
live. What the network server has stored comes without one (the storage integration of
The Things Stack leaves `session_key_id` out), and some servers never say it. An unknown
session may be any: it contradicts nothing, and it proves nothing.
"""

from typing import Final

UNKNOWN_SESSION: Final = ""


def may_be_same_session(one: str, other: str) -> bool:
    """Return whether two messages can be of one session."""
    return UNKNOWN_SESSION in (one, other) or one == other


def is_same_session(one: str, other: str) -> bool:
    """Return whether two messages are known to be of one session."""
    return UNKNOWN_SESSION != one == other


def newest_session(before: str, said: str, *, joined: bool = False) -> str:
    """Return the session of the newest message, as far as it is known.

    `before`: that of the message before, `said`: what came with the newest. `joined`:
    the newest shows by itself that the node has joined since, as a reset does, so that
    the session is not the one before.
    """
    return said if joined else said or before
