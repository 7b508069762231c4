"""Tests of ChirpStack's events: a table of published events and what they are read as."""

from base64 import b64encode
from datetime import UTC, datetime
from functools import partial
import json
from typing import Any

import pytest

from custom_components.battery_thermal.lorawan.chirpstack.messages import (
    LOG_CODES,
    read_event,
)
from custom_components.battery_thermal.lorawan.network_server import (
    DownlinkReport,
    DownlinkStage,
    Join,
    Malformed,
    Notice,
    Uplink,
)
from custom_components.battery_thermal.lorawan.receptions import Reception
from simulator.chirpstack import LogCode
from tests.chirpstack_api import parse_event

EUI = "70b3d57ed0001234"
KINDS = {"UPLINK_F_CNT_RESET": "frame_counter_reset"}
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TIME = "2026-11-29T11:59:58.123456789+00:00"
DEVICE = {"deviceInfo": {"devEui": EUI, "deviceName": "Garage"}}
ITEM = "9c1f6a3e-2d0b-4a34-8d4e-0f6f4b9a7c55"
LORA = {"bandwidth": 125000, "spreadingFactor": 7, "codeRate": "CR_4_5"}


def up(**fields: Any) -> dict[str, Any]:
    """Return an uplink with replaced fields; None removes a field."""
    event = {
        **DEVICE,
        "time": TIME,
        "devAddr": "01020304",
        "dr": 5,
        "fCnt": 7,
        "fPort": 1,
        "data": b64encode(bytes(49)).decode(),
        "rxInfo": [
            {"gatewayId": "0000000000000001", "rssi": -118, "snr": -12.5},
            {"gatewayId": "0000000000000002", "rssi": -90, "snr": 7.5},
        ],
        "txInfo": {"frequency": 868100000, "modulation": {"lora": LORA}},
    } | fields
    return {key: value for key, value in event.items() if value is not None}


def read(event: str, document: Any) -> Any:
    """Return the result of reading an event that ChirpStack's definitions allow."""
    payload = json.dumps(document).encode()
    parse_event(event, payload)
    return read_event(EUI, event, payload, NOW).message


def read_up(**fields: Any) -> Uplink:
    """Return the uplink that is read."""
    uplink = read("up", up(**fields))
    assert isinstance(uplink, Uplink)
    return uplink


def test_uplink() -> None:
    """An uplink has all data of the event."""
    uplink = read_up()
    assert uplink.device_id == EUI
    assert uplink.session == "01020304"
    assert (uplink.f_cnt, uplink.f_port, uplink.payload) == (7, 1, bytes(49))
    assert uplink.received_at == datetime(2026, 11, 29, 11, 59, 58, 123456, tzinfo=UTC)
    assert (uplink.encrypted, uplink.simulated, uplink.stored) == (False, False, False)
    link = uplink.link
    assert (link.gateways, link.rssi, link.snr) == (2, -90, 7.5)
    assert link.receptions == (
        Reception("0000000000000002", -90, 7.5),
        Reception("0000000000000001", -118, -12.5),
    )
    assert (link.spreading_factor, link.bandwidth) == (7, 125_000)
    assert link.airtime == pytest.approx(0.118, abs=0.001)


def test_absent_is_zero() -> None:
    """Absent values are zero: the first frame of a session, without data."""
    uplink = read_up(fCnt=None, fPort=None, data=None, devAddr=None, rxInfo=None)
    assert (uplink.f_cnt, uplink.f_port, uplink.payload) == (0, 0, b"")
    assert (uplink.session, uplink.link.gateways, uplink.link.rssi) == ("", 0, None)


def test_clocks_of_gateways() -> None:
    """The time is that of the network server, from which an uplink came first."""
    said = "2026-11-29T11:20:00+00:00", "2026-11-29T11:59:59+00:00", TIME
    receptions = [{"gatewayId": "a", "nsTime": one} for one in said[1:]]
    read_said = partial(read_up, time=said[0])
    heard = read_said(rxInfo=receptions).received_at
    assert heard == datetime(2026, 11, 29, 11, 59, 58, 123456, tzinfo=UTC)
    # Earlier versions of ChirpStack do not say it.
    for earlier in ([], [{"gatewayId": "a"}], [{"gatewayId": "a", "nsTime": None}]):
        heard = read_said(rxInfo=earlier).received_at
        assert heard == datetime(2026, 11, 29, 11, 20, tzinfo=UTC)


def test_without_time() -> None:
    """An uplink without a time has the time of its arrival."""
    assert read_up(time=None).received_at == NOW


@pytest.mark.parametrize(
    ("receptions", "expected"),
    [
        ([{}], (1, None, None)),
        ([{"rssi": -100}], (1, -100, 0)),
        ([{"snr": 3.5}], (1, None, 3.5)),
        ([{"rssi": -90, "snr": -1}, {"rssi": -120, "snr": 2}], (2, -120, 2)),
    ],
)
def test_signal(receptions: list[dict[str, Any]], expected: Any) -> None:
    """The signal is that of the gateway with the best SNR; unknown is not zero."""
    link = read_up(rxInfo=receptions).link
    assert (link.gateways, link.rssi, link.snr) == expected


@pytest.mark.parametrize(
    ("modulation", "seconds"),
    [
        ({"lora": LORA}, 0.118016),
        ({"lora": LORA | {"codeRate": "CR_4_8"}}, 0.176384),
        ({"lora": LORA | {"spreadingFactor": 12}}, 2.793472),
        ({"lora": LORA | {"codeRate": "CR_LI_4_5"}}, None),
        ({"lora": {"bandwidth": 125000}}, None),
        ({"fsk": {"datarate": 50000}}, None),
        ({}, None),
    ],
)
def test_airtime(modulation: dict[str, Any], seconds: float | None) -> None:
    """Airtime is computed by formula, for LoRa with a code rate of LoRaWAN."""
    link = read_up(txInfo={"modulation": modulation}).link
    assert link.airtime == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    "context", [{}, {"sessionKeyId": "0102"}, {"appSKey": {"kekLabel": "key"}}]
)
@pytest.mark.parametrize("event", ["up", "join"])
def test_encrypted(event: str, context: dict[str, Any]) -> None:
    """With a join server context payloads are encrypted."""
    document = {**DEVICE, "devAddr": "01020304", "joinServerContext": context}
    message = read(event, document)
    assert isinstance(message, Uplink | Join)
    assert message.encrypted
    assert message.session == "01020304"


def test_join() -> None:
    """The new device address identifies the session."""
    assert read("join", {**DEVICE, "devAddr": "01020304"}) == Join(
        device_id=EUI, session="01020304"
    )


@pytest.mark.parametrize(
    ("event", "fields", "stage", "error"),
    [
        ("txack", {"gatewayId": "0000000000000001"}, DownlinkStage.SENT, None),
        ("ack", {"acknowledged": True}, DownlinkStage.ACKNOWLEDGED, None),
        ("ack", {}, DownlinkStage.NOT_ACKNOWLEDGED, None),
    ],
)
def test_downlink(
    event: str, fields: dict[str, Any], stage: DownlinkStage, error: str | None
) -> None:
    """The id of a queue item is returned as a correlation id of this integration."""
    assert read(event, {**DEVICE, "queueItemId": ITEM, **fields}) == DownlinkReport(
        device_id=EUI,
        stage=stage,
        correlation_ids=(f"battery_thermal:{ITEM}",),
        error=error,
    )


@pytest.mark.parametrize("code", sorted(LOG_CODES))
def test_log(code: str) -> None:
    """A log event about a queue item has the reason why it was discarded; others are counted."""
    assert read("log", {**DEVICE, "code": code}) == Notice(
        device_id=EUI, kind=KINDS.get(code, f"log_{code.lower()}")
    )
    context = {"context": {"queue_item_id": ITEM}}
    report = read("log", {**DEVICE, "code": code, **context})
    assert (report.stage, report.error) == (DownlinkStage.FAILED, code.lower())
    assert report.correlation_ids == (f"battery_thermal:{ITEM}",)


def test_log_codes() -> None:
    """Every code that the stand-in sends is known."""
    assert {code.value for code in LogCode} <= LOG_CODES


def test_unknown_log_code() -> None:
    """Codes of later versions and the code zero are counted as another code."""
    payload = json.dumps({**DEVICE, "code": "NEW"}).encode()
    message = read_event(EUI, "log", payload, NOW).message
    assert message == Notice(device_id=EUI, kind="log_other")
    assert read("log", DEVICE) == Notice(device_id=EUI, kind="log_other")


@pytest.mark.parametrize("kind", ["status", "location", "integration"])
def test_notices(kind: str) -> None:
    """Known events without images and settings are counted."""
    payload = json.dumps(DEVICE).encode()
    assert read_event(EUI, kind, payload, NOW).message == Notice(
        device_id=EUI, kind=kind
    )


def test_other_event() -> None:
    """An event of a later version is counted, with any content."""
    message = read_event(EUI, "new", b"\0", NOW).message
    assert message == Notice(device_id=EUI, kind="other_event")


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "not_json"),
        (b"[]", "not_json"),
        (b"{", "not_json"),
        (b"\x0a\x24a2c54b3e-f0cc", "protobuf"),
        (b"{}", "unknown_shape"),
        (b"[" * 200_000, "not_json"),
    ],
)
def test_malformed(payload: bytes, reason: str) -> None:
    """Anything but an event in JSON is malformed; protobuf has a reason of its own."""
    message = read_event(EUI, "up", payload, NOW).message
    assert message == Malformed(device_id=EUI, reason=reason)


_WRONG: tuple[Any, ...] = (5, -1, 1e308, "x", [], [[]], {"a": 1}, True, "9" * 5000)


@pytest.mark.parametrize("field", sorted(up()))
@pytest.mark.parametrize("wrong", _WRONG, ids=lambda wrong: str(wrong)[:20])
def test_wrong_types(field: str, wrong: Any) -> None:
    """A field of another type makes an event malformed, unless it is not used."""
    message = read_event(EUI, "up", json.dumps(up(**{field: wrong})).encode(), NOW)
    assert isinstance(message.message, Uplink | Malformed)


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ("up", {"joinServerContext": 1}),
        ("up", {"data": "!"}),
        ("up", {"data": b64encode(bytes(256)).decode()}),
        ("up", {"rxInfo": [{}] * 1001}),
        ("up", {"rxInfo": [{"rssi": "nan"}]}),
        ("up", {"time": "2026-11-29T12:00:00"}),
        ("up", {"deviceInfo": {"deviceName": 5}}),
        ("txack", {}),
        ("ack", {"queueItemId": 5}),
        ("log", {"context": []}),
        ("log", {"code": 5}),
    ],
)
def test_unknown_shape(event: str, fields: dict[str, Any]) -> None:
    """Impossible values are malformed."""
    document = (up() if event == "up" else dict(DEVICE)) | fields
    message = read_event(EUI, event, json.dumps(document).encode(), NOW).message
    assert message == Malformed(device_id=EUI, reason="unknown_shape")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Garage", "Garage"), ("", ""), (" a\nb ", "a b"), ("x" * 200, "x" * 50)],
)
def test_device_name(name: str, expected: str) -> None:
    """The name is one line of at most fifty characters."""
    document = {"deviceInfo": {"deviceName": name}}
    payload = json.dumps(document).encode()
    assert read_event(EUI, "status", payload, NOW).device_name == expected
