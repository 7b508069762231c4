"""What a frame may carry in EU868."""


class TooLongError(ValueError):
    """More bytes than a frame may have at its data rate: nothing is sent."""


def longest_payload(spreading_factor: int) -> int:
    """Return how many bytes of an application fit, either way (RP002, table 8)."""
    return {7: 222, 8: 222, 9: 115}.get(spreading_factor, 51)
