"""Parser of the events that ChirpStack publishes.

They are proto3 JSON: zero, empty and false values are absent, and later versions may add
keys. An event of another shape is malformed and changes nothing.
Source: `integration.proto` and `gw.proto` of ChirpStack v4.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple

from .. import json_values
from ..airtime import airtime
from ..bounded_json import json_loads_object
from ..network_server import (
    CORRELATION_PREFIX,
    COUNTER_RESET,
    DownlinkReport,
    DownlinkStage,
    Join,
    Link,
    Malformed,
    Notice,
    ServerMessage,
    Uplink,
)
from ..receptions import read_reception, strongest_first

# The first byte of each event in protobuf: field 1, a text or a message. ChirpStack's
# JSON never begins with this byte, a line feed.
_PROTOBUF: Final = b"\x0a"
# `gw.CodeRate` as the `coding_rate` of `airtime`; LoRaWAN uses no others with LoRa.
_CODING_RATES: Final = {"CR_4_5": 1, "CR_4_6": 2, "CR_4_7": 3, "CR_4_8": 4}
# Codes of log events (`integration.LogCode`); a later version may have others.
LOG_CODES: Final = frozenset(
    {
        "DOWNLINK_CODEC",
        "DOWNLINK_GATEWAY",
        "DOWNLINK_PAYLOAD_SIZE",
        "EXPIRED",
        "F_CNT_DOWN",
        "OTAA",
        "RELAY_NEW_END_DEVICE",
        "UPLINK_CODEC",
        "UPLINK_F_CNT_RESET",
        "UPLINK_F_CNT_RETRANSMISSION",
        "UPLINK_MIC",
    }
)
_NAMES: Final = ("deviceName", "applicationName")
# Characters of a name that are shown.
_LONGEST_NAME: Final = 50


class Event(NamedTuple):
    """An event, and the names of its device and application, empty if it lacks them."""

    message: ServerMessage
    device_name: str = ""
    application_name: str = ""


def read_event(dev_eui: str, event: str, payload: bytes, now: datetime) -> Event:
    """Read an event of a device. `now`: the time of an uplink that states none."""
    if event not in _READERS:
        return Event(Notice(device_id=dev_eui, kind="other_event"))
    try:
        document: Any = json_loads_object(payload)
    except ValueError:
        reason = "protobuf" if payload.startswith(_PROTOBUF) else "not_json"
        return Event(Malformed(device_id=dev_eui, reason=reason))
    try:
        device_info = document["deviceInfo"]
        message = _READERS[event](dev_eui, document, now)
        names = [_read_name(device_info, key) for key in _NAMES]
    except json_values.UNKNOWN_SHAPE:
        return Event(Malformed(device_id=dev_eui, reason="unknown_shape"))
    return Event(message, *names)


def _read_name(device_info: dict[str, Any], key: str) -> str:
    """Return a name in one line, as it is shown in a list and as a title."""
    name = json_values.text(device_info.get(key, ""))
    return " ".join(name[:_LONGEST_NAME].split())


def _read_uplink(dev_eui: str, event: dict[str, Any], now: datetime) -> Uplink:
    payload = json_values.payload(event.get("data", ""))
    return Uplink(
        device_id=dev_eui,
        session=json_values.text(event.get("devAddr", "")),
        f_cnt=json_values.count(event.get("fCnt", 0), json_values.F_CNTS),
        f_port=json_values.count(event.get("fPort", 0), json_values.F_PORTS),
        payload=payload,
        received_at=_received_at(event, now),
        link=_read_link(event, len(payload)),
        encrypted=_is_encrypted(event),
    )


def _received_at(event: dict[str, Any], now: datetime) -> datetime:
    """Return when ChirpStack received an uplink from the first of its gateways.

    The `time` of the event is by the clock of a gateway, if one has a clock: these may
    differ, and be far off. Earlier versions have only that.
    """
    said = event.get("time")
    by_gateway = now if said is None else json_values.time(said)
    receptions = json_values.items(event.get("rxInfo", []), json_values.MOST_RECEPTIONS)
    times = (reception.get("nsTime") for reception in receptions)
    return min((json_values.time(one) for one in times if one), default=by_gateway)


def _read_join(dev_eui: str, event: dict[str, Any], _now: datetime) -> Join:
    return Join(
        device_id=dev_eui,
        session=json_values.text(event.get("devAddr", "")),
        encrypted=_is_encrypted(event),
    )


def _is_encrypted(event: dict[str, Any]) -> bool:
    """Return whether ChirpStack cannot decrypt because a join server keeps the key."""
    context = event.get("joinServerContext")
    if context is not None and not isinstance(context, dict):
        raise TypeError(context)
    # An empty context also means that the key is elsewhere.
    return context is not None


def _read_link(event: dict[str, Any], size: int) -> Link:
    """Return how an uplink of so many bytes was received."""
    receptions = json_values.items(event.get("rxInfo", []), json_values.MOST_RECEPTIONS)
    # FSK and LR-FHSS have neither spreading factor nor airtime here.
    lora = event.get("txInfo", {}).get("modulation", {}).get("lora", {})
    spreading_factor = json_values.optional_count(
        lora.get("spreadingFactor"), json_values.SPREADING_FACTORS
    )
    bandwidth = json_values.optional_count(
        lora.get("bandwidth"), json_values.BANDWIDTHS
    )
    coding_rate = _CODING_RATES.get(json_values.text(lora.get("codeRate", "")))
    seconds = None
    if spreading_factor and bandwidth and coding_rate:
        seconds = airtime(size, spreading_factor, bandwidth, coding_rate)
    return Link(
        gateways=len(receptions),
        receptions=strongest_first(
            read_reception(reception.get("gatewayId"), reception)
            for reception in receptions
        ),
        spreading_factor=spreading_factor,
        bandwidth=bandwidth,
        airtime=seconds,
    )


def _read_transmission(
    dev_eui: str, event: dict[str, Any], _now: datetime
) -> DownlinkReport:
    return _report(dev_eui, DownlinkStage.SENT, event["queueItemId"])


def _read_acknowledgement(
    dev_eui: str, event: dict[str, Any], _now: datetime
) -> DownlinkReport:
    stage = DownlinkStage.NOT_ACKNOWLEDGED
    if event.get("acknowledged", False) is True:
        stage = DownlinkStage.ACKNOWLEDGED
    return _report(dev_eui, stage, event["queueItemId"])


def _read_log(dev_eui: str, event: dict[str, Any], _now: datetime) -> ServerMessage:
    """Read a log event. With the id of a downlink it reports that one as discarded."""
    code = json_values.text(event.get("code", ""))
    kind = code.lower() if code in LOG_CODES else "other"
    item_id = event.get("context", {}).get("queue_item_id")
    if item_id is None:
        reset = kind == "uplink_f_cnt_reset"
        return Notice(device_id=dev_eui, kind=COUNTER_RESET if reset else f"log_{kind}")
    return _report(dev_eui, DownlinkStage.FAILED, item_id, error=kind)


def _report(
    dev_eui: str, stage: DownlinkStage, item_id: object, error: str | None = None
) -> DownlinkReport:
    correlation_id = f"{CORRELATION_PREFIX}{json_values.text(item_id)}"
    return DownlinkReport(
        device_id=dev_eui,
        stage=stage,
        correlation_ids=(correlation_id,),
        error=error,
    )


def _read_notice(kind: str) -> _Reader:
    """Return a reader for a known event that changes nothing."""

    def read(dev_eui: str, _event: dict[str, Any], _now: datetime) -> Notice:
        return Notice(device_id=dev_eui, kind=kind)

    return read


type _Reader = Callable[[str, dict[str, Any], datetime], ServerMessage]

_READERS: Final[dict[str, _Reader]] = {
    "up": _read_uplink,
    "join": _read_join,
    "txack": _read_transmission,
    "ack": _read_acknowledgement,
    "log": _read_log,
    **{kind: _read_notice(kind) for kind in ("status", "location", "integration")},
}
