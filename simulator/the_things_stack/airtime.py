"""How long a LoRa frame occupies the air."""

from math import ceil

LORAWAN_OVERHEAD = 13
"""Bytes around an application payload: MHDR 1, FHDR 7 without options, FPort 1,
MIC 4 (LoRaWAN 1.0.4, chapter 4)."""

_PREAMBLE_SYMBOLS = 8 + 4.25
_CODING_RATE = 1  # 4/5, the one LoRaWAN uses


def time_on_air(
    payload: int, spreading_factor: int = 7, bandwidth: int = 125_000
) -> float:
    """Return the seconds a frame with ``payload`` bytes for the application takes.

    Semtech AN1200.13 "LoRa Modem Designer's Guide", chapter 4: explicit header, CRC
    on, low data rate optimisation at SF11 and SF12 of 125 kHz.
    """
    symbol = (1 << spreading_factor) / bandwidth
    slow = 1 if spreading_factor >= 11 and bandwidth == 125_000 else 0
    bits = 8 * (payload + LORAWAN_OVERHEAD) - 4 * spreading_factor + 28 + 16
    coded = ceil(bits / (4 * (spreading_factor - 2 * slow))) * (_CODING_RATE + 4)
    return (_PREAMBLE_SYMBOLS + 8 + max(coded, 0)) * symbol
