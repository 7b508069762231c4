"""Tests of all shapes of The Things Stack's messages.

`shapes.jsonl` has the 33 shapes of 417 captured messages: keys and types as
captured, names and values replaced. `stored`: whether it is from the storage
integration; `seen`: number of messages.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any

import pytest

from custom_components.battery_thermal.lorawan.network_server import (
    DownlinkReport,
    DownlinkStage,
    Join,
    Link,
    Malformed,
    Notice,
    Uplink,
)
from custom_components.battery_thermal.lorawan.the_things_stack.messages import (
    read_message,
    read_stored_uplink,
)

NOW = datetime(2026, 3, 5, tzinfo=UTC)
SESSION = "AYfakeSessionKeyIdAAAAAA"
UNREADABLE = Malformed(device_id="node-1", reason="unknown_shape")


@dataclass(frozen=True)
class Up:
    """The expected values of an uplink; the others are equal in all of them."""

    f_port: int | None
    f_cnt: int
    payload_bytes: int
    received_at: str | None
    """Of this time of 2026-03-04; None: when it came."""
    session: str = SESSION
    rssi: float | None = None
    snr: float | None = None
    spreading_factor: int | None = None
    airtime: float | None = None
    simulated: bool = False


IDS = ("as:up:01EXAMPLE0000000000000000000",)

# In the order of the file; None: no uplink, so it cannot be a missed one.
EXPECTED: list[Up | Join | DownlinkReport | Notice | Malformed | None] = [
    Up(6, 5017, 11, "08:25:25.906399", SESSION, -24, 12, 7, 0.097536),
    Up(6, 10335, 11, "05:33:35.641841", SESSION, -35, 13.2, 7, 0.056576),
    Up(1, 101, 7, "09:46:05.234172", SESSION, -16, 8.5, 11),
    Up(2, 1, 11, "14:54:31.315853", "", -46, 11.5, 9, 0.226304),
    Up(11, 2, 6, "08:43:11.151969", SESSION, -91, 12.8, 10, 0.493568),
    Up(2, 1, 12, "18:59:35.995672", "", -18, 7, 12, 1.482752),
    Up(2, 87, 11, "19:34:30.856625", "", -49, 13.5, 7, 0.066816),
    Up(2, 0, 12, "10:54:02.358771", "", -37, 8, 12, 1.482752),
    # The vendor's example: the only stored one with a session, and without radio data.
    Up(10, 43, 8, "10:08:44.634338", SESSION, None, None, 12),
    Up(1, 0, 1, "19:32:31.488210", "", simulated=True),
    DownlinkReport(device_id="node-1", stage=DownlinkStage.QUEUED, correlation_ids=IDS),
    Up(1, 41, 26, "09:19:21.175051", SESSION, -54, 9, 7, 0.082176),
    Up(2, 0, 11, "14:34:32.656299", "", -42, 5.8, 12, 1.482752),
    Up(2, 86, 11, "19:14:30.855755", "", -83, 13.2, 7, 0.061696),
    Up(None, 0, 0, "19:19:28.681910", ""),
    Join(device_id="node-1", session=SESSION),
    DownlinkReport(
        device_id="node-1", stage=DownlinkStage.ACKNOWLEDGED, correlation_ids=IDS
    ),
    DownlinkReport(
        device_id="node-1",
        stage=DownlinkStage.FAILED,
        correlation_ids=IDS,
        error="example",
    ),
    Up(1, 0, 2, None, "", 42, 4.2, 7),
    Join(device_id="node-1", session=SESSION),
    Up(15, 0, 17, None, SESSION, -35, 5, 7),
    DownlinkReport(
        device_id="node-1", stage=DownlinkStage.ACKNOWLEDGED, correlation_ids=IDS
    ),
    Up(1, 327, 1, "12:23:07.087614"),
    Up(4, 0, 6, None, ""),
    Notice(device_id="node-1", kind="uplink_normalized"),
    Up(8, 202, 2, "11:17:58.984396", SESSION, -27, 9.2, 7, 0.046336),
    # From a documentation page: without a time it cannot be used.
    None,
    Up(3, 642, 22, "16:16:30.693554", SESSION, -73, 14.5, 7, 0.077056),
    Up(5, 34, 38, "23:38:51.055388", "", -51, 15.25, 7, 0.102656),
    Up(1, 0, 0, "09:19:21.175051", "", None, None, 7),
    Up(42, 42, 3, None, "AYfakeSe"),
    Join(device_id="node-1", session="AYfakeSe"),
    # The template of a webhook: no message, although one of its keys looks like one.
    UNREADABLE,
]

SHAPES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "shapes.jsonl").read_text().splitlines()
]


def as_up(uplink: Uplink) -> Up:
    """Return an uplink in the form of the table."""
    time = uplink.received_at
    assert time == NOW or time.date().isoformat() == "2026-03-04"
    return Up(
        f_port=uplink.f_port,
        f_cnt=uplink.f_cnt,
        payload_bytes=len(uplink.payload),
        received_at=None if time == NOW else time.time().isoformat(),
        session=uplink.session,
        rssi=uplink.link.rssi,
        snr=uplink.link.snr,
        spreading_factor=uplink.link.spreading_factor,
        airtime=uplink.link.airtime,
        simulated=uplink.simulated,
    )


def topic_of(message: dict[str, Any]) -> str:
    """Return the end of the topic after the device."""
    for key, topic in (
        ("join_accept", "join"),
        ("downlink_queued", "down/queued"),
        ("downlink_ack", "down/ack"),
        ("downlink_failed", "down/failed"),
    ):
        if key in message:
            return topic
    return "up"


def test_all_are_here() -> None:
    """The file has all captured shapes."""
    assert len(SHAPES) == len(EXPECTED) == 33
    assert sum(shape["seen"] for shape in SHAPES) == 417


@pytest.mark.parametrize("number", range(33))
def test_shape(number: int) -> None:
    """Each shape is read correctly, live or stored."""
    shape, expected = SHAPES[number], EXPECTED[number]
    message = shape["message"]
    if shape["stored"]:
        line = json.dumps({"result": message}).encode()
        stored = read_stored_uplink(line)
        assert (stored and as_up(stored)) == expected
        assert stored is None or (stored.stored and stored.device_id == "node-1")
        return
    topic = f"v3/example-app@ttn/devices/node-1/{topic_of(message)}"
    read = read_message(topic, json.dumps(message).encode(), NOW)
    assert read.device_id == "node-1"
    assert (as_up(read) if isinstance(read, Uplink) else read) == expected


@pytest.mark.parametrize("number", range(33))
def test_simulated(number: int) -> None:
    """Messages made at the server are not taken for messages of the node."""
    message = SHAPES[number]["message"] | {"simulated": True}
    topic = f"v3/example-app@ttn/devices/node-1/{topic_of(message)}"
    match read_message(topic, json.dumps(message).encode(), NOW):
        case Uplink() as uplink:
            assert uplink.simulated
        case Notice() as notice:
            assert notice.kind == "simulated"
        case other:
            assert other == UNREADABLE


def uplink(document: dict[str, Any] | None = None, **body: Any) -> Uplink:
    """Read an uplink with a few fields."""
    message = {"uplink_message": {"f_port": 1, **body}, **(document or {})}
    topic = "v3/example-app@ttn/devices/node-1/up"
    read = read_message(topic, json.dumps(message).encode(), NOW)
    assert isinstance(read, Uplink)
    return read


@pytest.mark.parametrize(
    ("receptions", "gateways", "rssi", "snr"),
    [
        ([], 0, None, None),
        ([{"gateway_ids": {"gateway_id": "packetbroker"}}], 1, None, None),
        ([{}, {"rssi": -110, "snr": -7.5}], 2, -110, -7.5),
        # An SNR of 0 dB is absent, and better than a negative one.
        ([{"rssi": -90}, {"rssi": -110, "snr": -7.5}], 2, -90, 0),
        ([{"snr": 4.5}], 1, None, 4.5),
    ],
)
def test_receptions(
    receptions: list[dict[str, Any]],
    gateways: int,
    rssi: float | None,
    snr: float | None,
) -> None:
    """A reception without values has unknown signals."""
    link = uplink(rx_metadata=receptions).link
    assert (link.gateways, link.rssi, link.snr) == (gateways, rssi, snr)


@pytest.mark.parametrize(
    "data_rate",
    [
        {"fsk": {"bit_rate": 50000}},
        {"lrfhss": {"operating_channel_width": 137000, "coding_rate": "1/3"}},
        {},
    ],
)
def test_data_rates_without_a_spreading_factor(data_rate: dict[str, Any]) -> None:
    """The airtime is that of the server."""
    settings = {"data_rate": data_rate, "frequency": "868800000"}
    assert uplink(settings=settings, consumed_airtime="0.0128s").link == Link(
        gateways=0,
        spreading_factor=None,
        bandwidth=None,
        airtime=0.0128,
    )


KEY = {"encrypted_key": "AAAA", "kek_label": "owner/kek"}


@pytest.mark.parametrize(
    ("document", "body", "encrypted"),
    [
        ({}, {}, False),
        ({}, {"app_s_key": KEY}, True),
        ({}, {"app_s_key": {}}, False),
        ({}, {"skip_payload_crypto": True}, True),
        ({"skip_payload_crypto_override": True}, {}, True),
        ({"skip_payload_crypto": False}, {}, False),
    ],
)
def test_encrypted(
    document: dict[str, Any], body: dict[str, Any], encrypted: bool
) -> None:
    """The server includes the key only if it has not decrypted the payload."""
    assert uplink(document, **body).encrypted is encrypted


def test_join_of_an_encrypted_session() -> None:
    """Encryption is known before the first uplink."""
    message = {"join_accept": {"session_key_id": "a", "app_s_key": KEY}}
    topic = "v3/example-app@ttn/devices/node-1/join"
    join = read_message(topic, json.dumps(message).encode(), NOW)
    assert join == Join(device_id="node-1", session="a", encrypted=True)


@pytest.mark.parametrize(
    ("topic", "body", "kind"),
    [
        ("location/solved", "location_solved", "location_solved"),
        ("service/data", "service_data", "service_data"),
        ("up/normalized", "uplink_normalized", "uplink_normalized"),
    ],
)
def test_events_that_change_nothing(topic: str, body: str, kind: str) -> None:
    """Documented events are not of unknown shape."""
    address = f"v3/example-app@ttn/devices/node-1/{topic}"
    read = read_message(address, json.dumps({body: {"service": "a"}}).encode())
    assert read == Notice(device_id="node-1", kind=kind)


def test_invalidated_queue() -> None:
    """Queued downlinks that the server drops have failed."""
    queued = [{"f_port": 1, "correlation_ids": ["ours", "as:1"]}, {"f_port": 2}]
    message = {"downlink_queue_invalidated": {"downlinks": queued}}
    topic = "v3/example-app@ttn/devices/node-1/down/invalidated"
    assert read_message(topic, json.dumps(message).encode()) == DownlinkReport(
        device_id="node-1",
        stage=DownlinkStage.FAILED,
        correlation_ids=("ours", "as:1"),
        error="queue_invalidated",
    )


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"uplink_message": {"path": "/"}},
        {"uplink_message": {}, "join_accept": {}},
        {"location_solved": 5},
        {"downlink_queue_invalidated": {"downlinks": [1]}},
        {"received_at": 5, "uplink_message": {"f_port": 1}},
        {"downlink_later": {}},
    ],
    ids=repr,
)
def test_of_unknown_shape(message: dict[str, Any]) -> None:
    """Unknown shapes are counted as such."""
    topic = "v3/example-app@ttn/devices/node-1/up"
    assert read_message(topic, json.dumps(message).encode(), NOW) == UNREADABLE
