"""The largest payloads of EU868."""


class TooLongError(ValueError):
    """A payload is too long for its data rate; nothing is sent."""


def longest_payload(spreading_factor: int) -> int:
    """Return the largest application payload in bytes, up or down (RP002, table 8)."""
    return {7: 222, 8: 222, 9: 115}.get(spreading_factor, 51)
