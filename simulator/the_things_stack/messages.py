"""The JSON of The Things Stack: protobuf-JSON as its application server sends it.

Source: https://www.thethingsindustries.com/docs/integrations/data-formats/
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
import json
from random import Random
from typing import Any

from .airtime import time_on_air

type Json = dict[str, Any]

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Reception:
    """Reception of a frame by one gateway."""

    gateway_id: str
    eui: str = "58A0CBFFFE800001"
    rssi: int = -105
    """dBm. Packet Broker has no figures, which is 0 dBm with an SNR of 0 dB."""
    snr: float = 7.5
    """dB."""
    time: datetime | None = None
    """The gateway's own clock, which may be wrong; None without one."""


@dataclass(frozen=True, slots=True)
class QueuedDownlink:
    """A downlink requested by an application."""

    f_port: int
    payload: bytes
    confirmed: bool = False
    priority: str = "NORMAL"
    correlation_ids: tuple[str, ...] = ()
    attempts: int = 0
    """Transmissions so far; only confirmed downlinks have more than one."""

    def as_json(self) -> Json:
        """Return the downlink in the format of events and of the queue."""
        return {
            "f_port": self.f_port,
            "frm_payload": b64encode(self.payload).decode(),
            "confirmed": self.confirmed,
            "priority": self.priority,
            "correlation_ids": list(self.correlation_ids),
        }


def present(message: Json) -> Json:
    """Return a message as protobuf-JSON: zero, empty and false are not there."""
    kept: Json = {}
    for key, value in message.items():
        match value:
            case dict():
                shown: Any = present(value)
            case list():
                shown = [present(v) if isinstance(v, dict) else v for v in value]
            case _:
                shown = value
        if shown:
            kept[key] = shown
    return kept


# What the storage integration leaves out. The vendor's page has `session_key_id` in what
# is stored; no message captured from there has it, nor any of these.
_NOT_STORED = ("correlation_ids",)
_NOT_STORED_OF_DEVICE = ("join_eui",)
_NOT_STORED_OF_UPLINK = ("session_key_id",)


def as_stored(message: Json) -> Json:
    """Return an uplink as the storage integration keeps it."""
    stored = _without(message, _NOT_STORED)
    ids, uplink = stored["end_device_ids"], stored["uplink_message"]
    stored["end_device_ids"] = _without(ids, _NOT_STORED_OF_DEVICE)
    stored["uplink_message"] = _without(uplink, _NOT_STORED_OF_UPLINK)
    return stored


def _without(message: Json, keys: Sequence[str]) -> Json:
    return {key: value for key, value in message.items() if key not in keys}


def wrapped_key(session_key_id: str) -> Json:
    """Return ``app_s_key``, wrapped with a key that the server does not have."""
    return {"encrypted_key": session_key_id, "kek_label": "owner/kek"}


def simulated_uplink(f_port: int, payload: bytes, *, old: bool) -> Json:
    """Return ``uplink_message`` of an uplink simulated in the console."""
    message: Json = {
        "f_port": f_port,
        "frm_payload": b64encode(payload).decode(),
        "settings": {"data_rate": {}},
    }
    return message | ({"received_at": "0001-01-01T00:00:00Z"} if old else {})


def encode(message: Json) -> bytes:
    """Return a message as bytes."""
    return json.dumps(message, separators=(",", ":")).encode()


def timestamp(moment: datetime, random: Random) -> str:
    """Return RFC 3339 in UTC with nine digits; Python has six, chance the others."""
    moment = moment.astimezone(UTC)
    nanoseconds = random.randint(1, 999)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}{nanoseconds:03d}Z"


def ulid(moment: datetime, random: Random) -> str:
    """Return an identifier like those in correlation ids: 26 characters, base 32."""
    value = int(moment.timestamp() * 1000) << 80 | random.getrandbits(80)
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))


def uplink_message(
    *,
    session_key_id: str,
    f_port: int,
    f_cnt: int,
    payload: bytes,
    confirmed: bool,
    receptions: Sequence[Reception],
    spreading_factor: int,
    frequency: int,
    received_at: datetime,
    random: Random,
    app_s_key: Json,
) -> Json:
    """Return ``uplink_message``; frequency in Hz.

    ``app_s_key``: the session key, which goes with payloads that are still encrypted.
    """
    # Microseconds since the gateway started, of 32 bits: what rolls over every 71 min.
    counter = int(received_at.timestamp() * 1_000_000) & 0xFFFFFFFF
    return {
        "session_key_id": session_key_id,
        "f_port": f_port,
        "f_cnt": f_cnt,
        "frm_payload": b64encode(payload).decode(),
        "app_s_key": app_s_key,
        "rx_metadata": [
            {
                "gateway_ids": {
                    "gateway_id": reception.gateway_id,
                    "eui": reception.eui,
                },
                "time": reception.time and timestamp(reception.time, random),
                "timestamp": counter,
                "rssi": reception.rssi,
                "channel_rssi": reception.rssi,
                "snr": reception.snr,
                "received_at": timestamp(received_at, random),
            }
            for reception in receptions
        ],
        "settings": {
            "data_rate": {
                "lora": {
                    "bandwidth": 125_000,
                    "spreading_factor": spreading_factor,
                    "coding_rate": "4/5",
                }
            },
            "frequency": str(frequency),
            "timestamp": counter,
        },
        "received_at": timestamp(received_at, random),
        "confirmed": confirmed,
        "consumed_airtime": f"{time_on_air(len(payload), spreading_factor):.6f}s",
        "network_ids": {
            "net_id": "000013",
            "ns_id": "EC656E0000000181",
            "tenant_id": "ttn",
            "cluster_id": "eu1",
            "cluster_address": "eu1.cloud.thethings.network",
        },
    }


# name: (message, code of gRPC), of the errors that pkg/networkserver and
# pkg/applicationserver give for downlinks
_DOWNLINK_ERRORS: dict[str, tuple[str, str, int]] = {
    "no_device_session": (
        "pkg/applicationserver",
        "no device session; check device activation",
        9,
    ),
    "unknown_session": ("pkg/applicationserver", "unknown session", 5),
    "application_downlink_too_long": (
        "pkg/networkserver",
        "application downlink payload is too long",
        3,
    ),
    "expired_downlink": ("pkg/networkserver", "queued downlink is expired", 9),
    "transmission": ("pkg/networkserver", "downlink transmission failed", 10),
    "max_retries_reached": (
        "pkg/applicationserver",
        "maximum confirmed downlink retries reached",
        10,
    ),
}


def downlink_error(name: str) -> Json:
    """Return the ``error`` of ``down/failed``. Raises KeyError for an unknown name."""
    namespace, message, code = _DOWNLINK_ERRORS[name]
    return {
        "namespace": namespace,
        "name": name,
        "message_format": message,
        "code": code,
    }


def parse_downlinks(body: Any) -> list[QueuedDownlink]:
    """Read ``{"downlinks": [...]}``, over MQTT or HTTP; ValueError if it is not that."""
    try:
        return [
            QueuedDownlink(
                f_port=_f_port(item["f_port"]),
                payload=b64decode(item.get("frm_payload", ""), validate=True),
                confirmed=bool(item.get("confirmed", False)),
                priority=str(item.get("priority", "LOWEST")),
                correlation_ids=tuple(item.get("correlation_ids", ())),
            )
            for item in body.get("downlinks", [])
        ]
    except (AttributeError, KeyError, TypeError, Base64Error) as error:
        raise ValueError(f"not a list of downlinks: {error!r}") from error


def _f_port(value: Any) -> int:
    if not isinstance(value, int) or not 1 <= value <= 223:
        raise ValueError("f_port: value must be inside range [1, 223]")
    return value


def parse_downlink_request(
    uid: str, topic: str, payload: bytes
) -> tuple[str, str, list[QueuedDownlink]]:
    """Read a publish of an application: device id, ``push`` or ``replace``, downlinks.

    ValueError if it is no such thing.
    """
    match topic.removeprefix(f"v3/{uid}/").split("/"):
        case ["devices", device_id, "down", ("push" | "replace") as operation]:
            return device_id, operation, parse_downlinks(json.loads(payload))
    raise ValueError(f"nobody listens on {topic}")
