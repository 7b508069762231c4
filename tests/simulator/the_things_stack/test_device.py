"""Tests of a device of the stand-in: sessions, uplinks and downlinks."""

import aiohttp
import aiomqtt
import pytest

from simulator.the_things_stack import (
    QueuedDownlink,
    TheThingsStack,
    TheThingsStackDevice,
    TheThingsStackDownlink,
)
from tests.simulator.the_things_stack.conftest import (
    DOWN,
    SETTINGS,
    address,
    bearer,
    body,
    following,
)


async def test_join_starts_a_session(
    device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """A join has a new key and address, and resets the counters."""
    before = device.session_key_id, device.dev_addr
    await device.uplink(1, 9, b"\x01")
    await device.join()
    await device.uplink(1, 0, b"\x02")
    (_, first), (topic, join), (_, second) = [await following(heard) for _ in range(3)]
    assert topic == "bank-1/join"
    key = join["join_accept"]["session_key_id"]
    assert key == device.session_key_id != before[0]
    assert first["uplink_message"]["session_key_id"] == before[0]
    assert second["uplink_message"]["session_key_id"] == key


async def test_uplink_without_a_session(stack: TheThingsStack) -> None:
    """An uplink before the first join raises RuntimeError."""
    with pytest.raises(RuntimeError):
        await stack.add_device("new").uplink(1, 0, b"\x00")


@pytest.mark.parametrize(("check", "heard_of"), [(True, 24), (False, 48)])
async def test_frame_counter_rule(
    stack: TheThingsStack, check: bool, heard_of: int
) -> None:
    """A repeated counter is dropped until the next join, unless the check is off."""
    device = stack.add_device("bank-2", frame_counter_check=check, storage=True)
    await device.join()
    for _ in range(2):
        for line in range(24):
            await device.uplink(1, line, b"\x00")
    assert len(device.stored) == heard_of
    assert device.dropped == 48 - heard_of
    await device.join()
    await device.uplink(1, 0, b"\x00")
    assert len(device.stored) == heard_of + 1


async def test_copies_repetitions_and_disorder(
    device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """Uplinks can be published twice, late, or in another order."""
    await device.uplink(1, 1, b"\x01", hold=True)
    await device.uplink(1, 2, b"\x02", copies=2)
    device.repeat()
    await device.uplink(1, 3, b"\x03", hold=True)
    device.release()
    messages = [(await following(heard))[1]["uplink_message"] for _ in range(5)]
    assert [message["f_cnt"] for message in messages] == [2, 2, 1, 2, 3]
    assert messages[0] == messages[1] == messages[3]


async def test_downlink_leaves_after_an_uplink(
    stack: TheThingsStack,
    device: TheThingsStackDevice,
    heard: aiomqtt.Client,
    http: aiohttp.ClientSession,
) -> None:
    """A downlink is sent after the next uplink, with its own counter."""
    asked = body(correlation_ids=["battery_thermal:1"])
    url = address(stack, f"{DOWN}/replace")
    async with http.post(url, json=asked, headers=bearer()) as answer:
        assert (answer.status, await answer.json()) == (200, {})
    topic, queued = await following(heard)
    assert topic == "bank-1/down/queued"
    assert queued["downlink_queued"]["f_port"] == 1
    assert queued["downlink_queued"]["frm_payload"] == "0DI="
    assert queued["downlink_queued"]["correlation_ids"][0] == "battery_thermal:1"
    assert "f_cnt" not in queued["downlink_queued"]
    assert not device.downlinks

    received = await device.uplink(1, 0, b"\x00")
    assert isinstance(received, TheThingsStackDownlink)
    assert (received.f_port, received.payload) == (1, b"\xd0\x32")
    assert (await following(heard))[0] == "bank-1/up"
    topic, sent = await following(heard)
    assert topic == "bank-1/down/sent"
    assert sent["downlink_sent"]["session_key_id"] == device.session_key_id
    assert "f_cnt" not in sent["downlink_sent"]
    assert "battery_thermal:1" in sent["downlink_sent"]["correlation_ids"]

    device.push([SETTINGS])
    second = await device.uplink(1, 1, b"\x00")
    assert second is not None and second.f_cnt == 1
    assert await device.uplink(1, 2, b"\x00") is None
    assert device.downlinks == [received, second]


async def test_replace_push_and_list(
    stack: TheThingsStack, device: TheThingsStackDevice, http: aiohttp.ClientSession
) -> None:
    """The queue is read and written over HTTP; an empty replace clears it."""
    for operation in ("push", "push", "replace", "push"):
        async with http.post(
            address(stack, f"{DOWN}/{operation}"), json=body(), headers=bearer()
        ) as answer:
            assert answer.status == 200
    async with http.get(address(stack, DOWN), headers=bearer()) as answer:
        listed = await answer.json()
    assert [item["frm_payload"] for item in listed["downlinks"]] == ["0DI=", "0DI="]
    async with http.post(
        address(stack, f"{DOWN}/replace"), json={"downlinks": []}, headers=bearer()
    ) as answer:
        assert answer.status == 200
    async with http.get(address(stack, DOWN), headers=bearer()) as answer:
        assert await answer.json() == {}


async def test_confirmed_downlink_acknowledged(
    device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """The next uplink acknowledges a confirmed downlink."""
    device.push([QueuedDownlink(1, b"\xd0\x32", confirmed=True)])
    await device.uplink(1, 0, b"\x00")
    assert await device.uplink(1, 1, b"\x00", acknowledge=True) is None
    topics = [(await following(heard))[0] for _ in range(5)]
    assert topics == [
        "bank-1/down/queued",
        "bank-1/up",
        "bank-1/down/sent",
        "bank-1/down/ack",
        "bank-1/up",
    ]


async def test_confirmed_downlink_never_acknowledged(
    device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """An unacknowledged downlink is sent eight times, then fails."""
    device.push([QueuedDownlink(1, b"\xd0\x32", confirmed=True)])
    for f_cnt in range(10):
        await device.uplink(1, f_cnt, b"\x00")
    events = []
    while "bank-1/down/failed" not in events:
        topic, message = await following(heard)
        events.append(topic)
    assert events.count("bank-1/down/sent") == 8
    assert events.count("bank-1/down/nack") == 8
    failed = message["downlink_failed"]
    assert failed["error"]["name"] == "max_retries_reached"
    assert failed["downlink"]["frm_payload"] == "0DI="


async def test_failures_on_demand(
    device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """A requested error replaces a transmission; the next item of the queue is sent."""
    device.fail_next("expired_downlink")
    device.push([SETTINGS, QueuedDownlink(1, b"\xc0\x28")])
    received = await device.uplink(1, 0, b"\x00")
    assert received is not None and received.payload == b"\xc0\x28"
    topics = [(await following(heard)) for _ in range(4)]
    topic, message = topics[3]
    assert topic == "bank-1/down/failed"
    assert message["downlink_failed"]["error"] == {
        "namespace": "pkg/networkserver",
        "name": "expired_downlink",
        "message_format": "queued downlink is expired",
        "code": 9,
    }
    with pytest.raises(KeyError):
        device.fail_next("no such error")


async def test_too_long_for_the_data_rate(
    device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """From SF10 to SF12 a payload has at most 51 bytes."""
    device.push([QueuedDownlink(1, bytes(52))])
    assert await device.uplink(1, 0, b"\x00", spreading_factor=12) is None
    names = [(await following(heard)) for _ in range(3)]
    error = names[2][1]["downlink_failed"]["error"]
    assert error["name"] == "application_downlink_too_long"
