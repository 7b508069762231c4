"""Tests of reading the messages of The Things Stack, valid and invalid ones."""

from base64 import b64encode
from datetime import UTC, datetime
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.lorawan.network_server import (
    DownlinkReport,
    DownlinkStage,
    Join,
    Link,
    Malformed,
    Uplink,
)
from custom_components.battery_thermal.lorawan.receptions import Reception
from custom_components.battery_thermal.lorawan.the_things_stack.messages import (
    read_message,
)

TOPIC = "v3/batteries@ttn/devices/garage/"

# As published by The Things Network, shortened.
UPLINK: dict[str, Any] = {
    "end_device_ids": {"device_id": "garage", "dev_eui": "70B3D57ED0000001"},
    "correlation_ids": ["as:up:01H"],
    "received_at": "2026-11-21T07:00:01.123456789Z",
    "uplink_message": {
        "session_key_id": "AYfg8Q==",
        "f_port": 1,
        "f_cnt": 23,
        "frm_payload": "AAEC",
        "rx_metadata": [
            {"gateway_ids": {"gateway_id": "far"}, "rssi": -120, "snr": -3.5},
            {"gateway_ids": {"gateway_id": "near"}, "rssi": -80, "snr": 9.25},
            {"gateway_ids": {"gateway_id": "zero"}},
        ],
        "settings": {
            "data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 7}},
            "frequency": "868100000",
        },
        "received_at": "2026-11-21T07:00:00.987654321Z",
        "consumed_airtime": "0.118016s",
    },
}


def read(kind: str, document: object) -> object:
    """Read a document like a published message."""
    return read_message(TOPIC + kind, json.dumps(document).encode())


def test_uplink() -> None:
    """An uplink has all data; the best gateway is the one with the highest SNR."""
    assert read("up", UPLINK) == Uplink(
        device_id="garage",
        session="AYfg8Q==",
        f_cnt=23,
        f_port=1,
        payload=bytes((0, 1, 2)),
        received_at=datetime(2026, 11, 21, 7, 0, 0, 987654, UTC),
        link=Link(
            gateways=3,
            receptions=(
                Reception("near", -80, 9.25),
                Reception("far", -120, -3.5),
                Reception("zero", None, None),
            ),
            spreading_factor=7,
            bandwidth=125_000,
            airtime=0.118016,
        ),
    )


@pytest.mark.parametrize(
    ("reception", "gateway"),
    [
        (
            {
                "gateway_ids": {"gateway_id": "packetbroker"},
                "packet_broker": {"forwarder_gateway_id": "church"},
            },
            "church",
        ),
        ({"gateway_ids": {"gateway_id": "packetbroker"}}, "packetbroker"),
        ({"gateway_ids": {"gateway_id": 7}}, ""),
        ({"gateway_ids": "near"}, ""),
        ({}, ""),
    ],
)
def test_gateways(reception: dict[str, Any], gateway: str) -> None:
    """A gateway of another network is reported by Packet Broker; one without an id counts."""
    uplink = read(
        "up",
        {
            **UPLINK,
            "uplink_message": {
                **UPLINK["uplink_message"],
                "rx_metadata": [reception | {"rssi": -90, "snr": 1}],
            },
        },
    )
    assert isinstance(uplink, Uplink)
    assert uplink.link.gateways == 1
    assert uplink.link.receptions == (Reception(gateway, -90, 1),)


def test_uplink_of_mac_commands() -> None:
    """Zero and empty values are absent."""
    received_at = "2026-11-21T07:00:00Z"
    assert read("up", {"uplink_message": {"received_at": received_at}}) == Uplink(
        device_id="garage",
        session="",
        f_cnt=0,
        f_port=None,
        payload=b"",
        received_at=datetime(2026, 11, 21, 7, tzinfo=UTC),
        link=Link(
            gateways=0,
            spreading_factor=None,
            bandwidth=None,
            airtime=None,
        ),
    )


def test_join() -> None:
    """A join has the id of the next session."""
    document = {"join_accept": {"session_key_id": "AYfg8Q=="}}
    assert read("join", document) == Join(device_id="garage", session="AYfg8Q==")


@pytest.mark.parametrize("stage", ["queued", "sent", "ack", "nack"])
def test_downlink(stage: str) -> None:
    """Each event of a downlink has its stage."""
    body = {"f_port": 1, "frm_payload": "0DI=", "correlation_ids": ["ours", "as:1"]}
    assert read(f"down/{stage}", {f"downlink_{stage}": body}) == DownlinkReport(
        device_id="garage",
        stage=DownlinkStage(stage),
        correlation_ids=("ours", "as:1"),
    )


def test_failed_downlink() -> None:
    """A failed downlink has the reason."""
    body = {
        "downlink": {"f_port": 1, "correlation_ids": ["ours"]},
        "error": {"namespace": "pkg/networkserver", "name": "expired_downlink"},
    }
    assert read("down/failed", {"downlink_failed": body}) == DownlinkReport(
        device_id="garage",
        stage=DownlinkStage.FAILED,
        correlation_ids=("ours",),
        error="expired_downlink",
    )


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"a": NaN}'],
    ids=repr,
)
def test_not_json(payload: bytes) -> None:
    """A message that is no JSON object is counted as such."""
    message = read_message(TOPIC + "up", payload)
    assert message == Malformed(device_id="garage", reason="not_json")


@pytest.mark.parametrize(
    "change",
    [
        {"f_cnt": -1},
        {"frm_payload": b64encode(bytes(256)).decode()},
        {"f_cnt": 2**32},
        {"f_cnt": True},
        {"f_cnt": "1"},
        {"f_port": 256},
        {"frm_payload": "AAE"},
        {"frm_payload": "A-_="},
        {"frm_payload": 5},
        {"frm_payload": "AAAA" * 86},
        {"received_at": "yesterday"},
        {"received_at": "2026-11-21T07:00:00"},
        {"received_at": "0001-01-01T00:00:00+14:00"},
        {"received_at": "9999-12-31T23:59:59Z"},
        {"received_at": None},
        {"session_key_id": 1},
        {"rx_metadata": 1},
        {"rx_metadata": [1]},
        {"rx_metadata": [{"snr": "loud"}]},
        {"settings": []},
        {"consumed_airtime": 0.1},
        {"consumed_airtime": "long"},
        {"consumed_airtime": "nans"},
        {"consumed_airtime": "infs"},
        {"consumed_airtime": "-0.1s"},
        {"consumed_airtime": "1e9s"},
        {"rx_metadata": [{"snr": "nan"}]},
        {"rx_metadata": [{"snr": 5, "rssi": "-inf"}]},
        {"settings": {"data_rate": {"lora": {"spreading_factor": 2}}}},
        {"settings": {"data_rate": {"lora": {"bandwidth": 1}}}},
        {"settings": {"data_rate": {"lora": {"spreading_factor": "SF7"}}}},
        {"settings": {"data_rate": {"lora": {"bandwidth": []}}}},
    ],
    ids=repr,
)
def test_uplink_of_unknown_shape(change: dict[str, Any]) -> None:
    """An uplink of unknown shape is counted as such."""
    message = read("up", {"uplink_message": UPLINK["uplink_message"] | change})
    assert message == Malformed(device_id="garage", reason="unknown_shape")


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("up", {}),
        ("up", {"uplink_message": None}),
        ("join", {"join_accept": []}),
        ("down/sent", {}),
        ("down/sent", {"downlink_sent": {"correlation_ids": [1]}}),
        ("down/failed", {"downlink_failed": {}}),
        ("down/later", {"downlink_later": {}}),
    ],
    ids=repr,
)
def test_unknown_shape(kind: str, document: object) -> None:
    """So are the other kinds of messages."""
    message = read(kind, document)
    assert message == Malformed(device_id="garage", reason="unknown_shape")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(
    kind=st.sampled_from(["up", "join", "down/sent", "down/failed", ""]),
    key=st.sampled_from(sorted(UPLINK["uplink_message"])),
    value=JSON,
)
def test_never_raises(kind: str, key: str, value: Any) -> None:
    """Reading any message results in a message, without an exception."""
    document = {
        "uplink_message": UPLINK["uplink_message"] | {key: value},
        "join_accept": value,
        "downlink_sent": value,
        "downlink_failed": {"downlink": value, "error": value},
    }
    message: Any = read(kind, document)
    assert message.device_id == "garage"
