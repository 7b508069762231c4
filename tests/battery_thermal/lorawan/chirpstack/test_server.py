"""Tests of an application on ChirpStack over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from custom_components.battery_thermal.lorawan.chirpstack.heard_devices import (
    HeardDevices,
)
from custom_components.battery_thermal.lorawan.chirpstack.ids import Topics
from custom_components.battery_thermal.lorawan.chirpstack.server import (
    ChirpStack,
    ProtobufError,
)
from custom_components.battery_thermal.lorawan.mqtt5_connection import Broker
from custom_components.battery_thermal.lorawan.mqtt5_refusals import BrokerAccessError
from custom_components.battery_thermal.lorawan.network_server import (
    NOT_STORED,
    Downlink,
    DownlinkReport,
    Join,
    Malformed,
    NobodyListensError,
    Notice,
    ServerMessage,
    UnknownDeviceError,
    UnreachableError,
    Uplink,
)
from simulator.chirpstack import ChirpStackDevice, ChirpStackWithBroker
from simulator.mqtt.broker import User
from tests.battery_thermal.common import until

EUI = "70b3d57ed0001234"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
async def stand_in() -> AsyncIterator[ChirpStackWithBroker]:
    """Return a server whose events are of QoS 1."""
    async with ChirpStackWithBroker(qos=1) as stand_in:
        yield stand_in


@pytest.fixture
def device(stand_in: ChirpStackWithBroker) -> ChirpStackDevice:
    """Return a device."""
    return stand_in.add_device(EUI, name="Garage", frame_counter_check=False)


@pytest.fixture
def broker(stand_in: ChirpStackWithBroker) -> Broker:
    """Return the address of the broker, without an account."""
    return Broker(host="127.0.0.1", port=stand_in.mqtt_port, tls=None, client_id="ha-1")


@pytest.fixture
def server(stand_in: ChirpStackWithBroker, broker: Broker) -> ChirpStack:
    """Return the application."""
    return ChirpStack(broker, Topics(stand_in.application_id), HeardDevices())


def downlink() -> Downlink:
    """Return a downlink."""
    return Downlink(
        f_port=1,
        payload=b"\xd0\x32",
        confirmed=False,
        correlation_id=f"battery_thermal:{uuid4()}",
        expires_at=datetime.now(UTC) + timedelta(minutes=1),
    )


async def test_messages(server: ChirpStack, device: ChirpStackDevice) -> None:
    """Joins, uplinks and reports arrive in order, and the device's name is known."""
    async with server.connect() as messages:
        await device.join()
        await device.uplink(1, 0, b"\0")
        join = await anext(messages)
        assert join == Join(device_id=EUI, session=device.dev_addr)
        uplink = await anext(messages)
        assert isinstance(uplink, Uplink)
        assert uplink.session == device.dev_addr
        assert not uplink.stored
        device.publish_raw("new", b"")
        assert await anext(messages) == Notice(device_id=EUI, kind="other_event")
    assert await server.device_names() == {EUI: "Garage"}


async def test_downlink(
    server: ChirpStack, device: ChirpStackDevice, stand_in: ChirpStackWithBroker
) -> None:
    """A downlink is queued with our id, which is reported when a gateway sends it."""
    sent = downlink()
    reports: list[DownlinkReport] = []

    async def receive(messages: AsyncIterator[ServerMessage]) -> None:
        async for message in messages:
            match message:
                case DownlinkReport():
                    reports.append(message)

    async with server.connect() as messages:
        receiving = asyncio.create_task(receive(messages))
        await device.join()
        await server.send(EUI, sent)
        assert device.queue[0].expires_at == sent.expires_at
        await device.uplink(1, 0, b"\0")
        await until(lambda: reports)
        receiving.cancel()
        await asyncio.gather(receiving, return_exceptions=True)
    assert reports[0].correlation_ids == (sent.correlation_id,)
    assert stand_in.refused_commands == []
    with pytest.raises(UnreachableError):
        await server.send(EUI, sent)
    with pytest.raises(UnknownDeviceError):
        await server.send("../a", sent)


async def test_missed_uplinks(
    server: ChirpStack, device: ChirpStackDevice, stand_in: ChirpStackWithBroker
) -> None:
    """Messages that the broker has kept count as stored, once, oldest first; later ones as live."""
    async with server.connect():
        await device.join()
    start = datetime(2026, 11, 29, 12, tzinfo=UTC)
    for number in (1, 0, 2):
        await device.uplink(
            1, number, b"\0", received_at=start + timedelta(seconds=number)
        )
    base = f"application/{stand_in.application_id}/device"
    stand_in.broker.publish(f"{base}/no-eui/event/up", b"{}", 1)
    async with server.connect() as messages:
        stored = await server.stored_uplinks(EUI, start)
        assert [(one.f_cnt, one.stored) for one in stored] == [(1, True), (2, True)]
        assert await server.stored_uplinks(EUI, LONG_AGO) == []
        # Neither connection has acknowledged the join, because no further message was requested.
        assert isinstance(await anext(messages), Join)
        await device.uplink(1, 9, b"\0")
        live = await anext(messages)
        assert isinstance(live, Uplink)
        assert (live.f_cnt, live.stored) == (9, False)


async def test_not_stored(
    server: ChirpStack, device: ChirpStackDevice, stand_in: ChirpStackWithBroker
) -> None:
    """Events of QoS 0 are not kept, which is reported once for each device."""
    stand_in.qos = 0
    async with server.connect() as messages:
        await device.join()
        for number in range(2):
            await device.uplink(1, number, b"\0")
        device.publish_status()
        got = [await anext(messages) for _ in range(5)]
    assert got[2] == Notice(device_id=EUI, kind=NOT_STORED)
    assert isinstance(got[3], Uplink)
    assert got[4] == Notice(device_id=EUI, kind="status")


async def test_other_topics(
    server: ChirpStack, device: ChirpStackDevice, stand_in: ChirpStackWithBroker
) -> None:
    """Topics of other applications are ignored; unreadable messages are malformed."""
    base = f"application/{stand_in.application_id}/device"
    async with server.connect() as messages:
        stand_in.broker.publish(f"{base}/a/event/up", b"{}", 1)
        device.publish_raw("up", b"{}")
        assert await anext(messages) == Malformed(device_id=EUI, reason="unknown_shape")
    assert await server.device_names() == {}


async def test_check(
    server: ChirpStack, broker: Broker, stand_in: ChirpStackWithBroker
) -> None:
    """The check shows whether downlinks reach ChirpStack."""
    await server.check_rights()
    assert stand_in.refused_commands == ["Unknown command type"]
    other = ChirpStack(
        broker, Topics(stand_in.application_id, "", "cs/"), HeardDevices()
    )
    with pytest.raises(NobodyListensError):
        await other.check_rights()
    stand_in.broker.users["owner"] = User("secret", ("#",), ())
    account = replace(broker, user_name="owner", password="secret")
    reader = ChirpStack(account, Topics(stand_in.application_id), HeardDevices())
    with pytest.raises(BrokerAccessError):
        await reader.check_rights()


async def test_listen(
    server: ChirpStack, device: ChirpStackDevice, stand_in: ChirpStackWithBroker
) -> None:
    """Listening ends with an uplink, or with a message that cannot be read."""
    listening = asyncio.create_task(server.listen())
    await until(lambda: any(one.filters for one in stand_in.broker.sessions.values()))
    device.publish_status()
    await device.join()
    await device.uplink(1, 0, b"\0")
    await listening
    assert await server.device_names() == {EUI: "Garage"}
    await until(lambda: not stand_in.broker.sessions)
    stand_in.json = False
    listening = asyncio.create_task(server.listen())
    await until(lambda: any(one.filters for one in stand_in.broker.sessions.values()))
    await device.uplink(1, 1, b"\0")
    with pytest.raises(ProtobufError):
        await listening
