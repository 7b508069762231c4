"""What is said on the wire: topics, payloads and values, without any input or output.

The rules are in docs/protocol.md. A session is kept as the text that stands before every
value, ``name;session_id``: the board never needs its parts.
"""

QOS = {
    "state/join": 2,
    "state/nameAssign": 2,
    "state/leave": 2,
    "state/info": 0,
    "led/command": 1,
    "led/status": 1,
    "button/status": 0,
    "photoresistor/status": 0,
}
"""The topics, and the quality of service each is published and subscribed with."""

FIRMWARE = "MicroPython board"
VERSION = "1.0.0"
"""What the server shows of this program: at most 24 and 16 bytes, no semicolon."""

NAME_BYTES = 29
SESSION_ID_BYTES = 17


def mac_text(mac: bytes) -> str:
    """Return six bytes as ``61:EC:ED:3B:25:B1``."""
    return ":".join(f"{byte:02X}" for byte in mac)


def topic(name: str, prefix: str = "", directed_to: str = "") -> str:
    """Return a topic as it is on the wire.

    ``prefix`` is the network's, with or without its slash; ``directed_to`` is the MAC
    of a board that has topics of its own.
    """
    before = prefix.rstrip("/") + "/" if prefix else ""
    after = "/" + directed_to if directed_to else ""
    return before + name + after


def assigned(payload: str, mac: str) -> "str | None":
    """Return the session that ``state/nameAssign`` has for this board, None for others'."""
    parts = payload.split(";")
    if len(parts) != 3 or parts[0] != mac:
        return None
    if not 0 < len(parts[1].encode()) <= NAME_BYTES:
        return None
    if not 0 < len(parts[2].encode()) <= SESSION_ID_BYTES:
        return None
    return parts[1] + ";" + parts[2]


def commanded(payload: str, session: str) -> "bool | None":
    """Return what ``led/command`` wants of this session, None when it means another."""
    return {session + ";1": True, session + ";0": False}.get(payload)


def said(session: str, value: int) -> str:
    """Return the payload by which a session reports a value (True is 1)."""
    return f"{session};{int(value)}"


def about(session: str) -> str:
    """Return the payload by which a session reports this program and its version."""
    return f"{session};{FIRMWARE};{VERSION}"


def percent(dark: int, bright: int, reading: int) -> int:
    """Return a reading as percent of light, 0 to 100.

    ``dark`` and ``bright`` are the readings at both ends. ``bright`` is the smaller one
    where the photoresistor pulls the pin down.
    """
    share = 100 * (reading - dark) // (bright - dark)
    return max(0, min(100, share))
