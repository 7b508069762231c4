"""Reading of what The Things Stack publishes and stores.

Its JSON leaves out whatever is zero, empty or false, and may have unknown keys: both are
normal. Anything of another shape is malformed and changes nothing.
Source: the pages Data Formats, Message Types and MQTT Server of The Things Stack's
documentation, its API (v3.36), and the shapes of 417 captured messages.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from .. import json_values
from ..bounded_json import json_loads_object
from ..network_server import (
    DownlinkReport,
    DownlinkStage,
    Join,
    Link,
    Malformed,
    NetworkServerError,
    Notice,
    ServerMessage,
    Uplink,
)
from ..receptions import Reception, read_reception, strongest_first

# The fields of an uplink that are read here. One with others only is no uplink.
_OF_UPLINK: Final = {
    "app_s_key",
    "consumed_airtime",
    "decoded_payload",
    "f_cnt",
    "f_port",
    "frm_payload",
    "received_at",
    "rx_metadata",
    "session_key_id",
    "settings",
}
# Fields that show that a payload is encrypted. The server adds the session key to those
# that it is set not to decrypt; devices have the setting under the other names.
_ENCRYPTED: Final = (
    "app_s_key",
    "skip_payload_crypto",
    "skip_payload_crypto_override",
)
# Protobuf's value of a time that was not set.
_NO_TIME: Final = "0001-01-01T00:00:00"


def read_message(
    topic: str, payload: bytes, now: datetime | None = None
) -> ServerMessage:
    """Read a message published on `v3/<application>/devices/<device>/<kind>`.

    `now`: when it came, for uplinks without a time. Without it they are malformed.
    """
    device_id = topic.split("/", 4)[3]
    try:
        document: Any = json_loads_object(payload)
    except ValueError:
        return Malformed(device_id=device_id, reason="not_json")
    # A message is of one kind, which the key of its body shows.
    kinds = [kind for kind in _READERS if kind in document]
    try:
        (kind,) = kinds
        body = document[kind]
        if not isinstance(body, dict):
            raise TypeError(body)
        if kind != "uplink_message" and document.get("simulated"):
            # Joins and what became of downlinks can be made up as well.
            return Notice(device_id=device_id, kind="simulated")
        return _READERS[kind](device_id, document, body, now)
    except json_values.UNKNOWN_SHAPE:
        return Malformed(device_id=device_id, reason="unknown_shape")


def read_stored_uplink(line: bytes) -> Uplink | None:
    """Read a line that the storage integration gives: `{"result": ...}`.

    None if it is of another shape. Raises NetworkServerError for `{"error": ...}`, with
    which a stream ends that the server could not go on with.
    """
    try:
        document: Any = json_loads_object(line)
        if document.get("error"):
            raise NetworkServerError("the stream of stored uplinks ended in an error")
        stored = document["result"]
        device_id = json_values.text(stored["end_device_ids"]["device_id"])
        uplink = _read_uplink(device_id, stored, stored["uplink_message"], None)
    except json_values.UNKNOWN_SHAPE:
        return None
    return replace(uplink, stored=True)


def _read_uplink(
    device_id: str,
    document: dict[str, Any],
    message: dict[str, Any],
    now: datetime | None,
) -> Uplink:
    if message and not _OF_UPLINK & message.keys():
        raise KeyError(*message)
    return Uplink(
        device_id=device_id,
        session=json_values.text(message.get("session_key_id", "")),
        f_cnt=json_values.count(message.get("f_cnt", 0), json_values.F_CNTS),
        f_port=json_values.optional_count(message.get("f_port"), json_values.F_PORTS),
        payload=json_values.payload(message.get("frm_payload", "")),
        received_at=_received_at(document, message, now),
        link=_read_link(message),
        simulated=bool(document.get("simulated")),
        encrypted=_is_encrypted(document, message),
    )


def _read_join(
    device_id: str,
    document: dict[str, Any],
    message: dict[str, Any],
    _now: datetime | None,
) -> Join:
    return Join(
        device_id=device_id,
        session=json_values.text(message.get("session_key_id", "")),
        encrypted=_is_encrypted(document, message),
    )


def _is_encrypted(document: dict[str, Any], message: dict[str, Any]) -> bool:
    return any(message.get(key) or document.get(key) for key in _ENCRYPTED)


def _received_at(
    document: dict[str, Any], message: dict[str, Any], now: datetime | None
) -> datetime:
    """Return when the network heard an uplink, or else when the server took it.

    Uplinks made in the console have the latter only.
    """
    for said in (message.get("received_at"), document.get("received_at")):
        if said is not None and not json_values.text(said).startswith(_NO_TIME):
            return json_values.time(said)
    if now is None:
        raise KeyError("received_at")
    return now


def _read_link(message: dict[str, Any]) -> Link:
    receptions = json_values.items(
        message.get("rx_metadata", []), json_values.MOST_RECEPTIONS
    )
    data_rate = message.get("settings", {}).get("data_rate", {})
    # FSK and LR-FHSS have no spreading factor.
    lora = data_rate.get("lora", {})
    return Link(
        gateways=len(receptions),
        receptions=strongest_first(map(_read_reception, receptions)),
        spreading_factor=json_values.optional_count(
            lora.get("spreading_factor"), json_values.SPREADING_FACTORS
        ),
        bandwidth=json_values.optional_count(
            lora.get("bandwidth"), json_values.BANDWIDTHS
        ),
        airtime=json_values.optional_airtime(message.get("consumed_airtime")),
    )


def _read_reception(reception: dict[str, Any]) -> Reception:
    """Read a reception; one by Packet Broker has the forwarding network's gateway."""
    match reception:
        case {"packet_broker": {"forwarder_gateway_id": gateway}}:
            pass
        case {"gateway_ids": {"gateway_id": gateway}}:
            pass
        case _:
            gateway = None
    return read_reception(gateway, reception)


def _read_notice(kind: str) -> _Reader:
    """Return how to read an event that is known and changes nothing here."""

    def read(
        device_id: str,
        _document: dict[str, Any],
        _message: dict[str, Any],
        _now: datetime | None,
    ) -> Notice:
        return Notice(device_id=device_id, kind=kind)

    return read


def _read_downlink(stage: DownlinkStage) -> _Reader:
    """Return how to read what became of a downlink."""

    def read(
        device_id: str,
        _document: dict[str, Any],
        message: dict[str, Any],
        _now: datetime | None,
    ) -> DownlinkReport:
        error = None
        if stage is DownlinkStage.FAILED:
            error = json_values.text(message.get("error", {}).get("name", "unknown"))
            message = message["downlink"]
        ids = tuple(map(json_values.text, message.get("correlation_ids", ())))
        return DownlinkReport(
            device_id=device_id, stage=stage, correlation_ids=ids, error=error
        )

    return read


def _read_invalidated(
    device_id: str,
    _document: dict[str, Any],
    message: dict[str, Any],
    _now: datetime | None,
) -> DownlinkReport:
    """Read that the queue was dropped, as after a join: none of it will be sent."""
    ids = tuple(
        json_values.text(one)
        for downlink in message.get("downlinks", ())
        for one in downlink.get("correlation_ids", ())
    )
    return DownlinkReport(
        device_id=device_id,
        stage=DownlinkStage.FAILED,
        correlation_ids=ids,
        error="queue_invalidated",
    )


type _Reader = Callable[
    [str, dict[str, Any], dict[str, Any], datetime | None], ServerMessage
]

# Every event that is documented for the topics we subscribe to, and the two of the
# topics beside them, by the key of its body.
_READERS: Final[dict[str, _Reader]] = {
    "uplink_message": _read_uplink,
    "join_accept": _read_join,
    **{f"downlink_{stage}": _read_downlink(stage) for stage in DownlinkStage},
    "downlink_queue_invalidated": _read_invalidated,
    **{
        kind: _read_notice(kind)
        for kind in ("location_solved", "service_data", "uplink_normalized")
    },
}
