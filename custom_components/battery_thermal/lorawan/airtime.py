"""How long a LoRa frame is on the air.

Source: Semtech AN1200.13, LoRa Modem Designer's Guide, section 4.
"""

from math import ceil

# Bytes LoRaWAN puts around the payload: MHDR 1, FHDR 7 (without options), FPort 1,
# MIC 4 (LoRaWAN 1.0.4, section 4).
_OVERHEAD = 13
_PREAMBLE_SYMBOLS = 8
# From this symbol time on, in seconds, low data rate optimisation is mandatory.
_LONG_SYMBOL = 0.016

SHORTEST_LIMIT = 51
"""Bytes of payload at the slowest data rates of EU868 (RP002, DR0 to DR2)."""

_LONGEST_PAYLOADS = {7: 222, 8: 222, 9: 115}


def longest_payload(spreading_factor: int) -> int:
    """Return the bytes that an uplink may have in EU868 (RP002)."""
    return _LONGEST_PAYLOADS.get(spreading_factor, SHORTEST_LIMIT)


def airtime(
    payload_bytes: int, spreading_factor: int, bandwidth: int, coding_rate: int = 1
) -> float:
    """Return the seconds an uplink takes; bandwidth in Hz.

    `coding_rate` is 1 for 4/5, the only one that LoRaWAN uses in Europe and America, to
    4 for 4/8.
    """
    symbol: float = 2**spreading_factor / bandwidth
    bits_per_symbol = spreading_factor - (2 if symbol >= _LONG_SYMBOL else 0)
    bits = 8 * (payload_bytes + _OVERHEAD) - 4 * spreading_factor + 28 + 16
    payload_symbols = 8 + max(ceil(bits / (4 * bits_per_symbol)) * (coding_rate + 4), 0)
    return (_PREAMBLE_SYMBOLS + 4.25 + payload_symbols) * symbol
