"""Uplinks as the node's firmware packs them, written from its source."""


def pack(values: list[int], *, fan: bool = False, ambient: int = 21) -> bytes:
    """Return the payload for an even count of tenths of a °C."""
    data = bytearray()
    for first, second in zip(values[::2], values[1::2], strict=True):
        data.append(first & 0xFF)
        data.append((first >> 8 & 0x0F) << 4 | second >> 8 & 0x0F)
        data.append(second & 0xFF)
    data.append(fan << 7 | ambient)
    return bytes(data)
