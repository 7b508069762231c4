"""What The Things Stack publishes over MQTT, read into messages.

Its JSON leaves out whatever is zero, empty or false, and may gain keys at any time:
both are normal. Anything of another shape is malformed and changes nothing.
Source: the data formats page of The Things Stack's documentation, and its API (v3.32).
"""

import binascii
from binascii import a2b_base64
from datetime import datetime
from math import isfinite
from typing import Any

from homeassistant.util.json import json_loads_object

from .network_server import (
    DownlinkReport,
    DownlinkStage,
    Join,
    Link,
    Malformed,
    Message,
    Uplink,
)

# What reading something of another shape than expected raises.
_UNKNOWN_SHAPE = (AttributeError, KeyError, TypeError, ValueError)

# A LoRaWAN frame counter has 32 bits, an FPort eight (LoRaWAN 1.0.4, 4.3).
_F_CNTS = range(2**32)
_F_PORTS = range(256)
_SPREADING_FACTORS = range(5, 13)
# LoRa's narrowest, and its widest, at 2.4 GHz, in Hz.
_BANDWIDTHS = range(7_800, 1_625_001)
# Seconds. LoRaWAN's longest frame takes ten.
_MAX_AIRTIME = 60.0
# A server's clock may be wrong; a time near the ends of what there is cannot be reckoned with.
_YEARS = range(1970, 2200)
# Digits of a second in protobuf's JSON.
_NANOSECONDS = 9


def read_message(topic: str, payload: bytes) -> Message:
    """Read a message published on `v3/<application>/devices/<device>/<kind>`."""
    device_id, _, kind = topic.split("/", 3)[3].partition("/")
    try:
        document: Any = json_loads_object(payload)
    except ValueError:
        return Malformed(device_id=device_id, reason="not_json")
    try:
        if kind == "up":
            return _read_uplink(device_id, document["uplink_message"])
        if kind == "join":
            session = document["join_accept"].get("session_key_id", "")
            return Join(device_id=device_id, session=_text(session))
        return _read_downlink(device_id, kind.removeprefix("down/"), document)
    except _UNKNOWN_SHAPE:
        return Malformed(device_id=device_id, reason="unknown_shape")


def read_stored_uplink(line: bytes) -> Uplink | None:
    """Read a line that the storage integration gives: `{"result": ...}`.

    None if it is of another shape, as the empty lines in between are.
    """
    try:
        stored: Any = json_loads_object(line)["result"]
        device_id = stored["end_device_ids"]["device_id"]
        return _read_uplink(device_id, stored["uplink_message"])
    except _UNKNOWN_SHAPE:
        return None


def _read_uplink(device_id: str, message: dict[str, Any]) -> Uplink:
    return Uplink(
        device_id=device_id,
        session=_text(message.get("session_key_id", "")),
        f_cnt=_count(message.get("f_cnt", 0), _F_CNTS),
        f_port=_optional_count(message.get("f_port"), _F_PORTS),
        payload=_bytes(message.get("frm_payload", "")),
        received_at=_time(message["received_at"]),
        link=_read_link(message),
    )


def _read_link(message: dict[str, Any]) -> Link:
    receptions = [
        (_number(gateway.get("snr", 0)), _number(gateway.get("rssi", 0)))
        for gateway in message.get("rx_metadata", ())
    ]
    snr, rssi = max(receptions, default=(None, None))
    lora = message.get("settings", {}).get("data_rate", {}).get("lora", {})
    return Link(
        gateways=len(receptions),
        rssi=rssi,
        snr=snr,
        spreading_factor=_optional_count(
            lora.get("spreading_factor"), _SPREADING_FACTORS
        ),
        bandwidth=_optional_count(lora.get("bandwidth"), _BANDWIDTHS),
        airtime=_optional_airtime(message.get("consumed_airtime")),
    )


def _read_downlink(
    device_id: str, stage: str, document: dict[str, Any]
) -> DownlinkReport:
    downlink = document[f"downlink_{stage}"]
    error = None
    if stage == DownlinkStage.FAILED:
        error = _text(downlink.get("error", {}).get("name", "unknown"))
        downlink = downlink["downlink"]
    return DownlinkReport(
        device_id=device_id,
        stage=DownlinkStage(stage),
        correlation_ids=tuple(map(_text, downlink.get("correlation_ids", ()))),
        error=error,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: object, possible: range) -> int:
    if type(value) is not int or value not in possible:
        raise ValueError(value)
    return value


def _optional_count(value: object, possible: range) -> int | None:
    return None if value is None else _count(value, possible)


def _number(value: Any) -> float:
    # "nan" and "inf" are numbers to Python.
    if not isfinite(number := float(value)):
        raise ValueError(value)
    return number


def _optional_airtime(value: Any) -> float | None:
    if value is None:
        return None
    seconds = round(_number(value.removesuffix("s")), _NANOSECONDS)
    if not 0 <= seconds <= _MAX_AIRTIME:
        raise ValueError(value)
    return seconds


def _bytes(value: object) -> bytes:
    try:
        return a2b_base64(_text(value), strict_mode=True)
    except binascii.Error as error:
        raise ValueError(value) from error


def _time(value: object) -> datetime:
    time = datetime.fromisoformat(_text(value))
    if time.tzinfo is None or time.year not in _YEARS:
        raise ValueError(value)
    return time
