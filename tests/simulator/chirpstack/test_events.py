"""Tests of the JSON of ChirpStack's events."""

from datetime import UTC, datetime, timedelta, timezone
import json
from random import Random
import re
from typing import Any
from uuid import UUID

import pytest

from simulator.chirpstack import events
from simulator.chirpstack.events import DeviceIdentity, GatewayReception, LogCode
from tests.chirpstack_api import parse_event

TIME = "2026-03-01T12:00:00.123456789+00:00"
DEVICE = DeviceIdentity(
    tenant_id="52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
    application_id="17c82e96-be03-4f38-aef3-f83d48582d97",
    application_name="Batteries",
    device_profile_id="14855bf7-d10d-4aee-b618-ebfcb64dc7ad",
    dev_eui="70b3d57ed0001234",
    name="Garage",
)
MESSAGES: dict[str, Any] = {
    "up": events.uplink(
        time=TIME,
        deduplication_id="3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        device=DEVICE,
        dev_addr="00189440",
        spreading_factor=9,
        f_cnt=5,
        f_port=1,
        confirmed=True,
        payload=b"\1\2",
        receptions=[GatewayReception(), GatewayReception(rssi=-60, snr=-3.0)],
        frequency=868_100_000,
        join_server_context=None,
    ),
    "join": events.join(
        time=TIME,
        deduplication_id="3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        device=DEVICE,
        dev_addr="00189440",
        join_server_context={"sessionKeyId": "AQ=="},
    ),
    "txack": events.transmitted(
        time=TIME,
        downlink_id=7,
        device=DEVICE,
        queue_item_id="3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        f_cnt_down=3,
        frequency=868_100_000,
        spreading_factor=9,
    ),
    "ack": events.acknowledgement(
        time=TIME,
        deduplication_id="3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        device=DEVICE,
        queue_item_id="3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        f_cnt_down=3,
        acknowledged=True,
    ),
    "log": events.log(
        time=TIME,
        device=DEVICE,
        code=LogCode.EXPIRED,
        description="Device queue-item discarded",
        context={"queue_item_id": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d"},
    ),
    "status": events.status(
        time=TIME,
        deduplication_id="3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        device=DEVICE,
        margin=10,
    ),
}


@pytest.mark.parametrize("event", MESSAGES)
def test_known_to_the_definitions(event: str) -> None:
    """ChirpStack's protobuf definitions read each event, and name the device."""
    message = parse_event(event, events.encode(MESSAGES[event]))
    assert message.device_info.dev_eui == DEVICE.dev_eui
    assert message.device_info.application_id == DEVICE.application_id
    assert message.device_info.device_name == "Garage"


def test_uplink() -> None:
    """An uplink has payload, counters, data rate and each gateway's reception."""
    message = parse_event("up", events.encode(MESSAGES["up"]))
    assert (message.f_cnt, message.f_port, message.data) == (5, 1, b"\1\2")
    assert message.tx_info.modulation.lora.spreading_factor == 9
    assert message.dr == 3
    assert [(one.rssi, one.snr) for one in message.rx_info] == [(-105, 7.5), (-60, -3)]


@pytest.mark.parametrize(
    ("code", "level"),
    [(LogCode.UPLINK_F_CNT_RESET, "WARNING"), (LogCode.OTAA, "ERROR")],
)
def test_level_of_a_log_event(code: LogCode, level: str) -> None:
    """Counters that restart are a warning, other events are errors."""
    event = events.log(time=TIME, device=DEVICE, code=code, description="", context={})
    assert event["level"] == level


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"a": 0, "b": "", "c": False, "d": []}, {}),
        ({"a": {"b": 0, "c": 1}}, {"a": {"c": 1}}),
        ({"lora": {"b": 0}}, {"lora": {}}),
        ({"tags": {}, "context": {}}, {}),
        ({"a": [{"b": 0}, 0]}, {"a": [{}, 0]}),
    ],
)
def test_zero_and_empty_are_absent(value: Any, shown: Any) -> None:
    """As in proto3 JSON, zero, empty and false are absent; an empty message is not."""
    assert events.present(value) == shown
    assert json.loads(events.encode(value)) == shown


def test_timestamp() -> None:
    """Times are in UTC and have nine digits after the second."""
    zone = timezone(timedelta(hours=2))
    text = events.timestamp(datetime(2026, 3, 1, 14, 0, 0, 123456, zone), Random(0))
    assert re.fullmatch(r"2026-03-01T12:00:00\.123456\d{3}\+00:00", text)
    assert datetime.fromisoformat(text) == datetime(2026, 3, 1, 12, 0, 0, 123456, UTC)


def test_identifier() -> None:
    """Ids are UUIDs of version 4, and repeatable."""
    assert UUID(events.identifier(Random(0))).version == 4
    assert events.identifier(Random(0)) == events.identifier(Random(0))
    assert events.identifier(Random(0)) != events.identifier(Random(1))
