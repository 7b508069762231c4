"""Tests of a device of the stand-in for ChirpStack: counters, queue and events.

All events are parsed with ChirpStack's own definitions.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from chirpstack_api.common.common_pb2 import CLASS_A
from google.protobuf.json_format import ParseError
import pytest

from simulator.chirpstack import ChirpStackDevice, GatewayReception, LogCode, QueueItem
from simulator.chirpstack.events import DeviceIdentity
from simulator.data_rate import TooLongError
from simulator.node import BatteryNode, LossyRadio, Mode, Numbering
from simulator.thermal_model import ThermalModel
from tests.chirpstack_api import parse_event

EUI = "70b3d57ed0001234"
START = datetime(2026, 11, 29, 12, tzinfo=UTC)
ITEM = QueueItem(str(UUID(int=7)), 1, b"\xd0\x32")


@dataclass
class Air:
    """A device, and the events that it has published since the last call of `take`."""

    now: datetime = START
    published: list[tuple[str, Any]] = field(default_factory=list)
    device: ChirpStackDevice = field(init=False)

    def __post_init__(self) -> None:
        """Register the device."""
        identity = DeviceIdentity("t", "a", "Batteries", "p", EUI, "Garage")
        self.device = ChirpStackDevice(
            identity, publish=self._publish, clock=lambda: self.now, random=Random(1)
        )

    def _publish(self, event: str, payload: bytes) -> None:
        self.published.append((event, parse_event(event, payload)))

    def take(self) -> list[tuple[str, Any]]:
        """Return the published events, and forget them."""
        taken, self.published = self.published, []
        return taken

    def names(self) -> list[str]:
        """Return the names of the events that were published."""
        return [name for name, _ in self.take()]


@pytest.fixture
def air() -> Air:
    """Return a device."""
    return Air()


async def joined(air: Air) -> None:
    """Let the device join."""
    await air.device.join()
    assert air.names() == ["join"]


async def test_join(air: Air) -> None:
    """A join has a new address, each time another one."""
    await air.device.join()
    [(name, event)] = air.take()
    assert name == "join"
    assert event.dev_addr == air.device.dev_addr
    assert event.device_info.dev_eui == EUI
    assert event.device_info.device_name == "Garage"
    assert event.device_info.device_class_enabled == CLASS_A
    assert not event.HasField("join_server_context")
    before = air.device.dev_addr
    await air.device.join()
    assert air.device.dev_addr != before


async def test_uplink(air: Air) -> None:
    """An uplink has the data of the frame and of its gateways."""
    await joined(air)
    air.device.receptions = (
        GatewayReception("0000000000000001", -118, -12.5),
        GatewayReception("0000000000000002", -90, 0),
    )
    await air.device.uplink(2, 7, b"\x00\x01", spreading_factor=9, confirmed=True)
    [(name, event)] = air.take()
    assert name == "up"
    assert event.time.ToDatetime(UTC) == START
    assert (event.f_cnt, event.f_port, event.data) == (7, 2, b"\x00\x01")
    assert (event.dr, event.adr, event.confirmed) == (3, True, True)
    assert UUID(event.deduplication_id)
    assert [(one.gateway_id, one.rssi, one.snr) for one in event.rx_info] == [
        ("0000000000000001", -118, -12.5),
        ("0000000000000002", -90, 0),
    ]
    lora = event.tx_info.modulation.lora
    assert (lora.spreading_factor, lora.bandwidth, lora.code_rate) == (9, 125_000, 1)


async def test_zero_is_absent(air: Air) -> None:
    """Zero, empty and false are absent: the first frame has no counter in its JSON."""
    published: list[bytes] = []
    device = ChirpStackDevice(
        air.device.identity,
        publish=lambda _, payload: published.append(payload),
        clock=lambda: START,
        random=Random(1),
    )
    await device.join()
    await device.uplink(0, 0, b"")
    assert not {b"fCnt", b"fPort", b"data", b"confirmed"} & {
        key.split(b'"')[0] for key in published[-1].split(b',"')
    }


@pytest.mark.parametrize(
    ("f_cnt", "code"),
    [(4, "UPLINK_F_CNT_RETRANSMISSION"), (0, "UPLINK_F_CNT_RESET")],
)
async def test_frame_counter_check(air: Air, f_cnt: int, code: str) -> None:
    """An uplink whose counter does not increase is dropped, and a log event reports it."""
    await joined(air)
    await air.device.uplink(1, 4, b"\x00")
    air.take()
    await air.device.uplink(1, f_cnt, b"\x00")
    [(name, event)] = air.take()
    assert name == "log"
    assert (
        LogCode(code).value
        == type(event)
        .DESCRIPTOR.fields_by_name["code"]
        .enum_type.values_by_number[event.code]
        .name
    )
    assert event.context["f_cnt_up"] == str(f_cnt)
    assert event.level == 1
    assert air.device.dropped == 1


async def test_frame_counter_check_off(air: Air) -> None:
    """With the check disabled a counter may start again, from the next join on."""
    await joined(air)
    air.device.frame_counter_check = False
    await air.device.uplink(1, 4, b"\x00")
    await air.device.uplink(1, 0, b"\x00")
    assert air.names() == ["up", "log"]
    await joined(air)
    for f_cnt in (4, 0, 0):
        await air.device.uplink(1, f_cnt, b"\x00")
    assert air.names() == ["up", "up", "up"]


async def test_downlink(air: Air) -> None:
    """The first item of the queue is sent after an uplink, with its id in `txack`."""
    await joined(air)
    air.device.enqueue(ITEM)
    air.device.enqueue(QueueItem("", 2, b"\x01"))
    received = await air.device.uplink(1, 0, b"\x00")
    assert received is not None
    assert (received.f_port, received.payload, received.f_cnt) == (1, b"\xd0\x32", 0)
    [_, (name, event)] = air.take()
    assert name == "txack"
    assert event.queue_item_id == ITEM.id
    assert event.f_cnt_down == 0
    assert event.gateway_id
    received = await air.device.uplink(1, 1, b"\x00")
    assert received is not None
    assert received.f_cnt == 1
    assert UUID(received.queue_item_id)
    assert await air.device.uplink(1, 2, b"\x00") is None


@pytest.mark.parametrize("acknowledged", [True, False])
async def test_confirmed_downlink(air: Air, acknowledged: bool) -> None:
    """A confirmed item is pending until the next uplink, and is sent once."""
    await joined(air)
    air.device.enqueue(QueueItem(ITEM.id, 1, b"\xd0\x32", confirmed=True))
    received = await air.device.uplink(1, 0, b"\x00")
    assert received is not None
    assert received.confirmed
    assert air.names() == ["up", "txack"]
    assert await air.device.uplink(1, 1, b"\x00", acknowledge=acknowledged) is None
    [_, (name, event)] = air.take()
    assert name == "ack"
    assert event.queue_item_id == ITEM.id
    assert event.acknowledged is acknowledged
    assert not air.device.queue


async def test_expired_downlink(air: Air) -> None:
    """An item that has expired is discarded, and a log event names it."""
    await joined(air)
    air.device.enqueue(QueueItem(ITEM.id, 1, b"\0", expires_at=START))
    air.device.enqueue(
        QueueItem(str(UUID(int=8)), 1, b"\1", expires_at=START + timedelta(minutes=1))
    )
    air.now += timedelta(seconds=1)
    received = await air.device.uplink(1, 0, b"\x00")
    assert received is not None
    assert received.payload == b"\1"
    [_, (_, log), (_, txack)] = air.take()
    assert log.context == {"queue_item_id": ITEM.id}
    assert log.level == 2
    assert txack.queue_item_id == str(UUID(int=8))


async def test_long_downlink(air: Air) -> None:
    """An item that does not fit the data rate is discarded, and a log event names it."""
    await joined(air)
    air.device.enqueue(QueueItem(ITEM.id, 1, bytes(60)))
    assert await air.device.uplink(1, 0, b"\x00", spreading_factor=12) is None
    [_, (_, log)] = air.take()
    assert log.context["max_payload_size"] == "51"
    assert log.context["queue_item_id"] == ITEM.id


async def test_gateway_error(air: Air) -> None:
    """An item that the gateway refuses stays in the queue; the log event has no id."""
    await joined(air)
    air.device.gateway_errors.append("TOO_LATE")
    air.device.enqueue(ITEM)
    assert await air.device.uplink(1, 0, b"\x00") is None
    [_, (_, log)] = air.take()
    assert (log.description, dict(log.context)) == ("TOO_LATE", {})
    assert await air.device.uplink(1, 1, b"\x00") is not None


async def test_join_may_empty_the_queue(air: Air) -> None:
    """Whether a join empties the queue is an option of the device profile."""
    await joined(air)
    air.device.enqueue(ITEM)
    await joined(air)
    assert len(air.device.queue) == 1
    air.device.flush_queue_on_join = True
    await joined(air)
    assert not air.device.queue


def test_id_in_the_queue(air: Air) -> None:
    """An id can be in the queue only once."""
    air.device.enqueue(ITEM)
    with pytest.raises(ValueError, match="in the queue"):
        air.device.enqueue(ITEM)


async def test_encrypted(air: Air) -> None:
    """If a join server keeps the keys, payloads stay encrypted, and events show it."""
    air.device.join_server_context = {"sessionKeyId": "0102"}
    await air.device.join()
    [(_, join)] = air.take()
    assert join.join_server_context.session_key_id == "0102"
    await air.device.uplink(1, 0, b"\x00\x01\x02\x03")
    [(_, event)] = air.take()
    assert event.HasField("join_server_context")
    assert event.data != b"\x00\x01\x02\x03"


async def test_status_and_logs(air: Air) -> None:
    """Status and every kind of log event parse."""
    air.device.publish_status(margin=-3)
    for code in LogCode:
        air.device.publish_log(code, "text", key="value")
    [(_, status), *logs] = air.take()
    assert status.margin == -3
    assert len(logs) == len(LogCode)


async def test_faults(air: Air) -> None:
    """Uplinks are repeated, reordered, changed, or not JSON, on request."""
    with pytest.raises(RuntimeError):
        await air.device.uplink(1, 0, b"\x00")
    air.device.repeat()
    await joined(air)
    await air.device.uplink(1, 0, b"\x00", copies=2)
    air.device.repeat()
    assert [event.f_cnt for _, event in air.take()] == [0, 0, 0]
    await air.device.uplink(1, 1, b"\x00", hold=True)
    await air.device.uplink(1, 2, b"\x00")
    assert [event.f_cnt for _, event in air.take()] == [2, 1]
    await air.device.uplink(1, 3, b"\x00", change=lambda event: event.pop("fCnt"))
    assert [event.f_cnt for _, event in air.take()] == [0]
    with pytest.raises(TooLongError):
        await air.device.uplink(1, 4, bytes(52), spreading_factor=10)
    assert air.device.refused == 1
    with pytest.raises(ParseError):
        air.device.publish_raw("up", b"\x0a")


@pytest.mark.parametrize("numbering", Numbering)
async def test_node(air: Air, numbering: Numbering) -> None:
    """The simulated node sends through the device, and receives settings from its queue."""
    air.device.frame_counter_check = False
    radio = LossyRadio(air.device, loss=0.1, duplicates=0.1, disorder=0.1)
    node = BatteryNode(ThermalModel(), radio, numbering=numbering)
    await node.send_image()
    air.device.enqueue(QueueItem("", 1, bytes.fromhex("C032")))
    await node.send_image()
    await node.send_image()
    assert node.mode is Mode.SLOW
    assert "up" in air.names()
