"""How the gateways of a network received an uplink."""

from collections.abc import Iterable
from dataclasses import dataclass
import re
from typing import Any, Final

from . import json_values

MOST_RECEPTIONS: Final = 10
"""Receptions that are shown; all are counted."""
# The Things Stack's ids of gateways, of which ChirpStack's EUIs are a part.
# Source: The Things Stack, `identifiers.proto`.
_GATEWAY_ID: Final = re.compile(r"[a-z0-9](?:-?[a-z0-9]){0,35}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reception:
    """Reception by one gateway: RSSI in dBm, SNR in dB; None for what is not reported.

    `gateway` is empty if the network does not report an id that a gateway can have.
    """

    gateway: str
    rssi: float | None
    snr: float | None


def read_reception(gateway: object, fields: dict[str, Any]) -> Reception:
    """Read a reception of which `fields` has `rssi` and `snr`.

    One alone that is absent is zero: both networks omit zeros. Raises an error of
    `json_values.UNKNOWN_SHAPE` for what is not a number.
    """
    is_id = isinstance(gateway, str) and _GATEWAY_ID.fullmatch(gateway)
    gateway_id = gateway if isinstance(gateway, str) and is_id else ""
    if "snr" not in fields and "rssi" not in fields:
        return Reception(gateway_id, None, None)
    # 0 dBm is no real value: received signals are always weaker.
    return Reception(
        gateway_id,
        json_values.number(fields.get("rssi", 0)) or None,
        json_values.number(fields.get("snr", 0)),
    )


def strongest_first(receptions: Iterable[Reception]) -> tuple[Reception, ...]:
    """Return at most MOST_RECEPTIONS, those with the highest SNR, then RSSI, first."""
    lowest = float("-inf")

    def signal(reception: Reception) -> tuple[float, float]:
        snr = lowest if reception.snr is None else reception.snr
        return snr, lowest if reception.rssi is None else reception.rssi

    return tuple(sorted(receptions, key=signal, reverse=True)[:MOST_RECEPTIONS])
