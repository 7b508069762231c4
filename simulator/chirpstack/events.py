"""The JSON of ChirpStack's events: proto3 JSON as its MQTT integration publishes it.

Zero, empty and false are absent, bytes are base64, enums are names, EUIs are lower case.
Source: `api/proto/integration/integration.proto` and `gw/gw.proto` of ChirpStack v4.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
import json
from random import Random
from typing import Any
from uuid import UUID

type Json = dict[str, Any]


class LogCode(StrEnum):
    """What a log event is about (`integration.LogCode`)."""

    DOWNLINK_PAYLOAD_SIZE = "DOWNLINK_PAYLOAD_SIZE"
    UPLINK_CODEC = "UPLINK_CODEC"
    OTAA = "OTAA"
    UPLINK_F_CNT_RESET = "UPLINK_F_CNT_RESET"
    UPLINK_MIC = "UPLINK_MIC"
    UPLINK_F_CNT_RETRANSMISSION = "UPLINK_F_CNT_RETRANSMISSION"
    DOWNLINK_GATEWAY = "DOWNLINK_GATEWAY"
    F_CNT_DOWN = "F_CNT_DOWN"
    EXPIRED = "EXPIRED"


_WARNINGS = {LogCode.UPLINK_F_CNT_RESET, LogCode.UPLINK_F_CNT_RETRANSMISSION}


@dataclass(frozen=True, slots=True)
class GatewayReception:
    """How one gateway received a frame."""

    gateway_id: str = "0016c001f11a2b3c"
    rssi: int = -105
    """dBm."""
    snr: float = 7.5
    """dB."""


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """What names a device in its events."""

    tenant_id: str
    application_id: str
    application_name: str
    device_profile_id: str
    dev_eui: str
    name: str

    def as_json(self) -> Json:
        """Return `deviceInfo`."""
        return {
            "tenantId": self.tenant_id,
            "tenantName": "ChirpStack",
            "applicationId": self.application_id,
            "applicationName": self.application_name,
            "deviceProfileId": self.device_profile_id,
            "deviceProfileName": "Battery node",
            "deviceName": self.name,
            "devEui": self.dev_eui,
            "deviceClassEnabled": "CLASS_A",
            "tags": {"place": "garage"},
        }


def present(value: Any) -> Any:
    """Return a value as proto3 JSON: zero, empty and false are absent, at any depth."""
    match value:
        case dict():
            shown = {key: present(inner) for key, inner in value.items()}
            return {
                key: inner
                for key, inner in shown.items()
                # An empty message is present; an empty map is absent.
                if inner or (inner == {} and key not in {"tags", "context"})
            }
        case list():
            return [present(inner) for inner in value]
    return value


def encode(event: Json) -> bytes:
    """Return an event as it is published."""
    return json.dumps(present(event), separators=(",", ":")).encode()


def timestamp(moment: datetime, random: Random) -> str:
    """Return RFC 3339 in UTC with nine digits; Python has six, chance the others."""
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}{random.randint(1, 999):03d}+00:00"


def identifier(random: Random) -> str:
    """Return a UUID of version 4."""
    return str(UUID(int=random.getrandbits(128), version=4))


def uplink(
    *,
    time: str,
    deduplication_id: str,
    device: DeviceIdentity,
    dev_addr: str,
    spreading_factor: int,
    f_cnt: int,
    f_port: int,
    confirmed: bool,
    payload: bytes,
    receptions: Sequence[GatewayReception],
    frequency: int,
    join_server_context: Json | None,
) -> Json:
    """Return an `up` event; `frequency` in Hz, data rates of EU868."""
    event: Json = {
        "deduplicationId": deduplication_id,
        "time": time,
        "deviceInfo": device.as_json(),
        "devAddr": dev_addr,
        "adr": True,
        "dr": 12 - spreading_factor,
        "fCnt": f_cnt,
        "fPort": f_port,
        "confirmed": confirmed,
        "data": b64encode(payload).decode(),
        "rxInfo": [
            {
                "gatewayId": reception.gateway_id,
                "uplinkId": 4217 + number,
                "nsTime": time,
                "rssi": reception.rssi,
                "snr": reception.snr,
                "channel": 1,
                "location": {"latitude": 48.2, "longitude": 16.4},
                "context": "EFwMtA==",
                "crcStatus": "CRC_OK",
            }
            for number, reception in enumerate(receptions)
        ],
        "txInfo": {
            "frequency": frequency,
            "modulation": {
                "lora": {
                    "bandwidth": 125_000,
                    "spreadingFactor": spreading_factor,
                    "codeRate": "CR_4_5",
                }
            },
        },
        "regionConfigId": "eu868",
    }
    return event | (
        {}
        if join_server_context is None
        else {"joinServerContext": join_server_context}
    )


def join(
    *,
    time: str,
    deduplication_id: str,
    device: DeviceIdentity,
    dev_addr: str,
    join_server_context: Json | None,
) -> Json:
    """Return a `join` event."""
    event: Json = {
        "deduplicationId": deduplication_id,
        "time": time,
        "deviceInfo": device.as_json(),
        "devAddr": dev_addr,
        "regionConfigId": "eu868",
    }
    return event | (
        {}
        if join_server_context is None
        else {"joinServerContext": join_server_context}
    )


def transmitted(
    *,
    time: str,
    downlink_id: int,
    device: DeviceIdentity,
    queue_item_id: str,
    f_cnt_down: int,
    frequency: int,
    spreading_factor: int,
) -> Json:
    """Return a `txack` event: a gateway has taken a downlink."""
    return {
        "downlinkId": downlink_id,
        "time": time,
        "deviceInfo": device.as_json(),
        "queueItemId": queue_item_id,
        "fCntDown": f_cnt_down,
        "gatewayId": "0016c001f11a2b3c",
        "txInfo": {
            "frequency": frequency,
            "power": 16,
            "modulation": {
                "lora": {
                    "bandwidth": 125_000,
                    "spreadingFactor": spreading_factor,
                    "codeRate": "CR_4_5",
                    "polarizationInversion": True,
                }
            },
            "timing": {"delay": {"delay": "1s"}},
            "context": "EFwMtA==",
        },
    }


def acknowledgement(
    *,
    time: str,
    deduplication_id: str,
    device: DeviceIdentity,
    queue_item_id: str,
    f_cnt_down: int,
    acknowledged: bool,
) -> Json:
    """Return an `ack` event: whether the device has confirmed a downlink."""
    return {
        "deduplicationId": deduplication_id,
        "time": time,
        "deviceInfo": device.as_json(),
        "queueItemId": queue_item_id,
        "acknowledged": acknowledged,
        "fCntDown": f_cnt_down,
    }


def log(
    *,
    time: str,
    device: DeviceIdentity,
    code: LogCode,
    description: str,
    context: Mapping[str, str],
) -> Json:
    """Return a `log` event."""
    return {
        "time": time,
        "deviceInfo": device.as_json(),
        "level": "WARNING" if code in _WARNINGS else "ERROR",
        "code": code.value,
        "description": description,
        "context": dict(context),
    }


def status(
    *, time: str, deduplication_id: str, device: DeviceIdentity, margin: int
) -> Json:
    """Return a `status` event; `margin` in dB."""
    return {
        "deduplicationId": deduplication_id,
        "time": time,
        "deviceInfo": device.as_json(),
        "margin": margin,
        "externalPowerSource": True,
    }
