"""Tests of the stand-in for The Things Stack, with the client libraries that users have."""

from base64 import b64encode
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
import json
from typing import Any

import aiohttp
import aiomqtt
import pytest
from ttn_client.client import TTNClient
from ttn_client.const import TTN_DATA_STORAGE_URL
from ttn_client.exceptions.auth_error import TTNAuthError

from simulator.the_things_stack import (
    MQTT_PAGE_RIGHTS,
    Device,
    Downlink,
    HttpFault,
    QueuedDownlink,
    Reception,
    Right,
    StreamFault,
    TheThingsStack,
    extras,
    time_on_air,
)

from .conftest import KEY, until

APPLICATION = "v3/batteries@ttn"
SETTINGS = QueuedDownlink(1, b"\xd0\x32", correlation_ids=("battery_thermal:1",))


def client(stack: TheThingsStack, key: str = KEY, **options: Any) -> aiomqtt.Client:
    """Return an MQTT client as integrations use it."""
    defaults: dict[str, Any] = {
        "username": "batteries@ttn",
        "password": key,
        "protocol": aiomqtt.ProtocolVersion.V311,
    }
    return aiomqtt.Client("127.0.0.1", stack.mqtt_port, **defaults | options)


@pytest.fixture
async def device(stack: TheThingsStack) -> Device:
    """Return a device that has joined."""
    device = stack.add_device("bank-1", name="Bank one")
    await device.join()
    return device


@pytest.fixture
async def heard(stack: TheThingsStack) -> AsyncGenerator[aiomqtt.Client]:
    """Return a client that is subscribed to all events of all devices."""
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/up")
        await listener.subscribe(f"{APPLICATION}/devices/+/join")
        await listener.subscribe(f"{APPLICATION}/devices/+/down/+")
        yield listener


async def following(listener: aiomqtt.Client) -> tuple[str, dict[str, Any]]:
    """Return the next message: its topic below the application, and its JSON."""
    message = await anext(listener.messages)
    assert isinstance(message.payload, bytes)
    topic = message.topic.value.removeprefix(f"{APPLICATION}/devices/")
    return topic, json.loads(message.payload)


@pytest.fixture
async def http() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return an HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


def address(stack: TheThingsStack, path: str) -> str:
    """Return a URL of the API."""
    return f"http://127.0.0.1:{stack.http_port}/api/v3/{path}"


def bearer(key: str = KEY) -> dict[str, str]:
    """Return headers with a key."""
    return {"Authorization": f"Bearer {key}"}


DOWN = "as/applications/batteries/devices/bank-1/down"
EVERYTHING = "as/applications/batteries/packages/storage/uplink_message"
STORED = "as/applications/batteries/devices/bank-1/packages/storage/uplink_message"


def body(payload: bytes = b"\xd0\x32", **more: Any) -> dict[str, Any]:
    """Return a request for one downlink."""
    return {
        "downlinks": [
            {
                "f_port": 1,
                "frm_payload": b64encode(payload).decode(),
                "priority": "NORMAL",
                **more,
            }
        ]
    }


# What a gateway hears


async def test_uplink_as_json(device: Device, heard: aiomqtt.Client) -> None:
    """An uplink has every field that an application reads; zero, empty and false are absent."""
    moment = datetime(2026, 3, 1, 12, 0, 0, 123456, UTC)
    gateways = [
        Reception("near", "58A0CBFFFE800001", -60, 9.25, moment),
        Reception("far", "58A0CBFFFE800002", -118, 0.0),
    ]
    await device.uplink(2, 7, bytes(49), received_at=moment, receptions=gateways)
    topic, message = await following(heard)
    assert topic == "bank-1/up"
    assert message["end_device_ids"]["device_id"] == "bank-1"
    assert message["end_device_ids"]["application_ids"] == {
        "application_id": "batteries"
    }
    uplink = message["uplink_message"]
    assert uplink["session_key_id"] == device.session_key_id
    assert (uplink["f_port"], uplink["f_cnt"]) == (2, 7)
    assert uplink["frm_payload"] == b64encode(bytes(49)).decode()
    assert uplink["received_at"].startswith("2026-03-01T12:00:00.123456")
    assert len(uplink["received_at"]) == len("2026-03-01T12:00:00.123456789Z")
    assert datetime.fromisoformat(uplink["received_at"]) == moment
    assert uplink["settings"]["frequency"].isdecimal()
    assert uplink["settings"]["data_rate"]["lora"]["bandwidth"] == 125_000
    assert uplink["settings"]["data_rate"]["lora"]["spreading_factor"] == 7
    assert uplink["consumed_airtime"] == "0.118016s"
    assert "confirmed" not in uplink
    near, far = uplink["rx_metadata"]
    assert near["gateway_ids"] == {"gateway_id": "near", "eui": "58A0CBFFFE800001"}
    assert (near["rssi"], near["snr"]) == (-60, 9.25)
    assert "snr" not in far and "time" not in far


async def test_zeroes_are_absent(device: Device, heard: aiomqtt.Client) -> None:
    """Counter 0, and port and payload of a MAC-only uplink, are absent."""
    await device.uplink(1, 0, b"\x00", receptions=[])
    _, message = await following(heard)
    assert "f_cnt" not in message["uplink_message"]
    assert "rx_metadata" not in message["uplink_message"]
    await device.mac_uplink(1)
    _, message = await following(heard)
    assert message["uplink_message"]["f_cnt"] == 1
    assert not {"f_port", "frm_payload"} & message["uplink_message"].keys()


async def test_join_starts_a_session(device: Device, heard: aiomqtt.Client) -> None:
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
    device: Device, heard: aiomqtt.Client
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


@pytest.mark.parametrize(
    ("payload", "spreading_factor", "milliseconds"),
    [
        (37, 7, 97.5),
        (40, 7, 102.7),
        (49, 7, 118.0),
        (52, 7, 123.1),
        (51, 12, 2793.5),
        (1, 10, 288.8),
    ],
)
def test_time_on_air(payload: int, spreading_factor: int, milliseconds: float) -> None:
    """The time on air agrees with The Things Network's calculator."""
    assert time_on_air(payload, spreading_factor) * 1000 == pytest.approx(
        milliseconds, abs=0.06
    )


# Class A


async def test_downlink_leaves_after_an_uplink(
    stack: TheThingsStack,
    device: Device,
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
    assert isinstance(received, Downlink)
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
    stack: TheThingsStack, device: Device, http: aiohttp.ClientSession
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
    device: Device, heard: aiomqtt.Client
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
    device: Device, heard: aiomqtt.Client
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


async def test_failures_on_demand(device: Device, heard: aiomqtt.Client) -> None:
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
    device: Device, heard: aiomqtt.Client
) -> None:
    """From SF10 to SF12 a payload has at most 51 bytes."""
    device.push([QueuedDownlink(1, bytes(52))])
    assert await device.uplink(1, 0, b"\x00", spreading_factor=12) is None
    names = [(await following(heard)) for _ in range(3)]
    error = names[2][1]["downlink_failed"]["error"]
    assert error["name"] == "application_downlink_too_long"


async def test_gateways_that_do_not_report(stack: TheThingsStack) -> None:
    """Gateways that do not report transmissions cause no ``down/sent``."""
    device = stack.add_device("bank-1", gateway_acknowledges=False)
    await device.join()
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/#")
        device.push([SETTINGS])
        assert await device.uplink(1, 0, b"\x00") is not None
        await device.uplink(1, 1, b"\x00")
        topics = [(await following(listener))[0] for _ in range(3)]
    assert topics == ["bank-1/down/queued", "bank-1/up", "bank-1/up"]


# MQTT


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "NNSXS.WRONG"},
        {"username": "batteries"},
        {"username": "others@ttn"},
        {"username": None, "password": None},
    ],
)
async def test_wrong_login(stack: TheThingsStack, wrong: dict[str, Any]) -> None:
    """A wrong key is refused with CONNACK 5."""
    with pytest.raises(aiomqtt.MqttCodeError) as refused:
        async with client(stack, **wrong):
            pass
    assert refused.value.rc == "Not authorized"


async def test_speaks_version_3_1_1_only(stack: TheThingsStack) -> None:
    """MQTT 5 is refused with CONNACK 1."""
    with pytest.raises(aiomqtt.MqttError):
        async with client(stack, protocol=aiomqtt.ProtocolVersion.V5):
            pass


async def test_rate_limited(stack: TheThingsStack) -> None:
    """While rate limited, connections are refused with CONNACK 3."""
    stack.faults.connack = 3
    with pytest.raises(aiomqtt.MqttCodeError) as refused:
        async with client(stack):
            pass
    assert refused.value.rc == "Server unavailable"
    stack.faults.connack = None
    async with client(stack):
        pass


@pytest.mark.parametrize(
    ("topic", "fault"),
    [("v3/others@ttn/devices/+/up", False), (f"{APPLICATION}/devices/+/up", True)],
)
async def test_subscription_refused(
    stack: TheThingsStack, topic: str, fault: bool
) -> None:
    """A subscription to another application, or on request, is refused with 0x80."""
    stack.faults.suback_failure = fault
    async with client(stack) as listener:
        assert tuple(await listener.subscribe(topic)) == (0x80,)


async def test_unsubscribe(device: Device, heard: aiomqtt.Client) -> None:
    """The other subscriptions stay."""
    await heard.unsubscribe(f"{APPLICATION}/devices/+/up")
    await device.uplink(1, 0, b"\x00")
    await device.join()
    assert (await following(heard))[0] == "bank-1/join"


async def test_key_without_the_right_to_read_hears_nothing(
    stack: TheThingsStack, device: Device, heard: aiomqtt.Client
) -> None:
    """Without the right to read, a client connects and subscribes, and receives nothing."""
    stack.add_key("NNSXS.DEAF", {Right.TRAFFIC_DOWN_WRITE})
    async with client(stack, "NNSXS.DEAF") as deaf:
        assert tuple(await deaf.subscribe(f"{APPLICATION}/devices/+/up")) == (0,)
        await device.uplink(1, 0, b"\x00")
        await following(heard)
        # Requests are still answered, so a message would have arrived before this answer.
        await deaf.unsubscribe(f"{APPLICATION}/devices/+/up")
        assert len(deaf.messages) == 0


async def test_downlinks_over_mqtt(stack: TheThingsStack, device: Device) -> None:
    """Push and replace are accepted; invalid publishes are dropped without an answer."""
    stack.add_key("NNSXS.READER", {Right.TRAFFIC_READ})
    down = f"{APPLICATION}/devices/bank-1/down"
    async with client(stack) as writer, client(stack, "NNSXS.READER") as reader:
        await writer.publish(f"{down}/push", json.dumps(body(b"\x01")))
        await writer.publish(f"{down}/push", json.dumps(body(b"\x02")))
        await until(lambda: len(device.queue) == 2)
        await writer.publish(f"{down}/replace", json.dumps(body(b"\x03")))
        await until(lambda: len(device.queue) == 1)
        await writer.publish(f"{down}/push", "{")
        await writer.publish(f"{down}/push", '{"downlinks": 1}')
        await writer.publish(f"{APPLICATION}/devices/none/down/push", "{}")
        await writer.publish("v3/others@ttn/devices/bank-1/down/push", "{}")
        await reader.publish(f"{down}/push", json.dumps(body()))
        await until(lambda: stack.mqtt.refused_publishes == 5)
        await writer.unsubscribe("x")
    assert [queued.payload for queued in device.queue] == [b"\x03"]


async def test_revoked_while_connected(stack: TheThingsStack) -> None:
    """Revoking a key ends its connections and refuses new ones."""
    async with client(stack) as other:
        stack.add_key("NNSXS.SHORT", MQTT_PAGE_RIGHTS)
        async with client(stack, "NNSXS.SHORT") as listener:
            stack.revoke_key("NNSXS.SHORT")
            with pytest.raises(aiomqtt.MqttError):
                await anext(listener.messages)
        with pytest.raises(aiomqtt.MqttCodeError) as refused:
            async with client(stack, "NNSXS.SHORT"):
                pass
        assert refused.value.rc == "Not authorized"
        assert tuple(await other.subscribe(f"{APPLICATION}/devices/+/up")) == (0,)


async def test_second_connection_of_a_client_ends_the_first(
    stack: TheThingsStack,
) -> None:
    """A second connection with the same client id ends the first (chapter 3.1.4)."""
    async with client(stack, identifier="me") as first, client(stack, identifier="me"):
        with pytest.raises(aiomqtt.MqttError):
            await anext(first.messages)


async def test_server_away_and_back(stack: TheThingsStack, device: Device) -> None:
    """After a restart the port is the same, and nothing is replayed."""
    async with client(stack) as listener:
        await stack.stop_mqtt()
        with pytest.raises(aiomqtt.MqttError):
            await anext(listener.messages)
    with pytest.raises(aiomqtt.MqttError):
        async with client(stack):
            pass
    await device.uplink(1, 0, b"\x00")
    await stack.start_mqtt()
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/up")
        await device.uplink(1, 1, b"\x00")
        _, message = await following(listener)
        assert message["uplink_message"]["f_cnt"] == 1


async def test_connection_cut_in_the_middle_of_a_message(
    stack: TheThingsStack, device: Device
) -> None:
    """A message that was cut is lost, and the next connection works."""
    stack.faults.cut_publish_after = 40
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/up")
        await device.uplink(1, 0, b"\x00")
        with pytest.raises(aiomqtt.MqttError):
            await anext(listener.messages)
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/up")
        await device.uplink(1, 1, b"\x00")
        await following(listener)


async def test_broken_json(
    stack: TheThingsStack, device: Device, heard: aiomqtt.Client
) -> None:
    """So many messages are cut, later ones are complete."""
    stack.faults.broken_json = 1
    await device.uplink(1, 0, b"\x00")
    message = await anext(heard.messages)
    assert isinstance(message.payload, bytes)
    with pytest.raises(ValueError):
        json.loads(message.payload)
    device.publish_raw("up", b"\xff")
    assert (await anext(heard.messages)).payload == b"\xff"
    await device.uplink(1, 1, b"\x00", change=lambda up: up.update(new=[{}]))
    _, changed = await following(heard)
    assert changed["new"] == [{}]


async def test_silent_server(stack: TheThingsStack, device: Device) -> None:
    """The server accepts the connection, and sends neither messages nor ping responses."""
    stack.faults.silent = True
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/up")
        await device.uplink(1, 0, b"\x00")
        stack.faults.silent = False
        await device.uplink(1, 1, b"\x00")
        _, message = await following(listener)
        assert message["uplink_message"]["f_cnt"] == 1


# HTTP


@pytest.mark.parametrize(
    ("request_line", "key", "status"),
    [
        (("POST", f"{DOWN}/replace"), None, 401),
        (("POST", f"{DOWN}/replace"), "NNSXS.WRONG", 401),
        (("POST", f"{DOWN}/replace"), "NNSXS.INFO", 403),
        (("POST", DOWN.replace("bank-1", "gone") + "/replace"), KEY, 404),
        (("POST", DOWN.replace("batteries", "others") + "/replace"), KEY, 403),
        (("GET", DOWN), "NNSXS.INFO", 403),
        (("GET", STORED), "NNSXS.INFO", 403),
        (("GET", "applications/batteries/devices"), "NNSXS.INFO", 403),
        (("GET", "applications/batteries/nonsense"), KEY, 404),
    ],
)
async def test_refusals(
    stack: TheThingsStack,
    http: aiohttp.ClientSession,
    request_line: tuple[str, str],
    key: str | None,
    status: int,
) -> None:
    """Missing rights and unknown paths are refused."""
    stack.add_key("NNSXS.INFO", {Right.INFO})
    stack.add_device("bank-1")
    method, path = request_line
    headers = bearer(key) if key else {}
    async with http.request(
        method, address(stack, path), json=body(), headers=headers
    ) as answer:
        assert answer.status == status
        assert {"code", "message", "details"} == (await answer.json()).keys()


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"downlinks": [{"frm_payload": "0DI="}]},
        {"downlinks": [{"f_port": 0, "frm_payload": "0DI="}]},
        {"downlinks": [{"f_port": 1, "frm_payload": "0D!"}]},
    ],
)
async def test_invalid_downlinks(
    stack: TheThingsStack, device: Device, http: aiohttp.ClientSession, wrong: Any
) -> None:
    """Invalid downlinks get status 400, and nothing is queued."""
    url = address(stack, f"{DOWN}/push")
    async with http.post(url, json=wrong, headers=bearer()) as answer:
        assert answer.status == 400
    assert not device.queue


async def test_downlink_without_a_session(
    stack: TheThingsStack, http: aiohttp.ClientSession
) -> None:
    """A downlink without a session is a failed precondition."""
    stack.add_device("bank-1")
    url = address(stack, f"{DOWN}/replace")
    async with http.post(url, json=body(), headers=bearer()) as answer:
        assert answer.status == 400
        assert "no device session" in (await answer.json())["message"]


async def test_rights(stack: TheThingsStack, http: aiohttp.ClientSession) -> None:
    """The rights of the requesting key are returned."""
    stack.add_key("NNSXS.MQTT", MQTT_PAGE_RIGHTS)
    stack.add_key("NNSXS.NOTHING", ())
    url = address(stack, "applications/batteries/rights")
    async with http.get(url, headers=bearer("NNSXS.MQTT")) as answer:
        assert await answer.json() == {
            "rights": [
                "RIGHT_APPLICATION_TRAFFIC_DOWN_WRITE",
                "RIGHT_APPLICATION_TRAFFIC_READ",
            ]
        }
    async with http.get(url, headers=bearer("NNSXS.NOTHING")) as answer:
        assert await answer.json() == {}


async def test_devices(
    stack: TheThingsStack, device: Device, http: aiohttp.ClientSession
) -> None:
    """Devices are listed in pages, with names on request, without deleted ones."""
    stack.add_device("bank-2")
    url = address(stack, "applications/batteries/devices")
    query = {"field_mask": "name", "limit": "1"}
    async with http.get(url, params=query, headers=bearer()) as answer:
        listed = (await answer.json())["end_devices"]
        assert answer.headers["X-Total-Count"] == "2"
    assert [(item["ids"]["device_id"], item["name"]) for item in listed] == [
        ("bank-1", "Bank one")
    ]
    query = {"limit": "1", "page": "2"}
    async with http.get(url, params=query, headers=bearer()) as answer:
        (listed,) = (await answer.json())["end_devices"]
    assert listed["ids"]["device_id"] == "bank-2"
    async with http.get(url, params={"limit": "x"}, headers=bearer()) as answer:
        assert answer.status == 400
    stack.remove_device("bank-2")
    async with http.get(url, headers=bearer()) as answer:
        (listed,) = (await answer.json())["end_devices"]
    assert listed["ids"]["device_id"] == "bank-1"
    assert "name" not in listed


async def test_storage(stack: TheThingsStack, http: aiohttp.ClientSession) -> None:
    """The stored uplinks of a day are lines of JSON, in the requested order."""
    device = stack.add_device("bank-1", storage=True)
    await device.join()
    start = datetime(2026, 3, 1, tzinfo=UTC)
    for hour in range(30):
        moment = start + timedelta(hours=hour)
        await device.uplink(1, hour, b"\x00", received_at=moment)

    async def stored(path: str = STORED, **query: str) -> list[int]:
        headers = bearer() | {"Accept": "text/event-stream"}
        async with http.get(
            address(stack, path), params=query, headers=headers
        ) as answer:
            assert answer.content_type == "text/event-stream"
            lines = (await answer.text()).splitlines()
        results = [json.loads(line)["result"] for line in lines if line]
        return [result["uplink_message"].get("f_cnt", 0) for result in results]

    assert await stored() == list(range(5, 30))
    after = "2026-03-02T02:00:00Z"
    assert await stored(after=after, order="received_at") == [27, 28, 29]
    assert await stored(after=after, order="-received_at", limit="2") == [29, 28]
    assert await stored(before="2026-03-01T06:00:00.5Z") == [5, 6]
    assert await stored(EVERYTHING, after=after) == [27, 28, 29]
    async with http.get(
        address(stack, STORED), params={"after": "yesterday"}, headers=bearer()
    ) as answer:
        assert answer.status == 400


async def test_what_is_stored(
    stack: TheThingsStack, heard: aiomqtt.Client, http: aiohttp.ClientSession
) -> None:
    """A stored uplink has no session and no correlation ids, as on real servers."""
    device = stack.add_device("bank-1", storage=True)
    await device.join()
    await device.uplink(1, 5, b"\x00")
    await following(heard)
    _, told = await following(heard)
    async with http.get(address(stack, STORED), headers=bearer()) as answer:
        stored = json.loads(await answer.text())["result"]
    assert told["uplink_message"].pop("session_key_id")
    assert told.pop("correlation_ids")
    assert told["end_device_ids"].pop("join_eui")
    assert stored == told


@pytest.mark.parametrize(
    ("last", "count"), [("24h", 2), ("1h30m", 1), ("90m0.5s", 1), ("100ms", 0)]
)
async def test_last_of_an_application(
    stack: TheThingsStack, http: aiohttp.ClientSession, last: str, count: int
) -> None:
    """The storage of the application is requested with a duration in Go's syntax."""
    for hours in (1, 2):
        device = stack.add_device(f"bank-{hours}", storage=True)
        await device.join()
        moment = stack.now - timedelta(hours=hours)
        await device.uplink(1, 0, b"\x00", received_at=moment)
    url = address(stack, EVERYTHING)
    async with http.get(url, params={"last": last}, headers=bearer()) as answer:
        assert (await answer.text()).count("result") == count
    async with http.get(url, params={"last": "a day"}, headers=bearer()) as answer:
        assert answer.status == 400


async def test_client_of_home_assistant_core(
    stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library that core's own integration uses reads the stored uplinks."""
    # The library supports https only.
    url = TTN_DATA_STORAGE_URL.replace("https", "http")
    monkeypatch.setattr("ttn_client.client.TTN_DATA_STORAGE_URL", url)

    def decode(message: dict[str, Any]) -> None:
        message["uplink_message"]["decoded_payload"] = {"hottest": 31.5, "fan": True}

    for device_id in ("bank-1", "bank-2"):
        device = stack.add_device(device_id, storage=True)
        await device.join()
        await device.uplink(1, 0, b"\x00")
        await device.uplink(1, 1, b"\x00", change=decode)
    reader = TTNClient(f"127.0.0.1:{stack.http_port}", "batteries", KEY)
    read = await reader.fetch_data()
    assert read.keys() == {"bank-1", "bank-2"}
    assert read["bank-2"]["hottest"].value == 31.5
    assert read["bank-2"]["fan"].value is True

    stranger = TTNClient(f"127.0.0.1:{stack.http_port}", "batteries", "no")
    with pytest.raises(TTNAuthError):
        await stranger.fetch_data()


@pytest.mark.parametrize(
    ("fault", "results", "end"),
    [
        (StreamFault.ERROR, 2, b'"http_code": 503}}\n\n'),
        (StreamFault.CUT, 4, b""),
    ],
)
async def test_stream_faults(
    stack: TheThingsStack,
    http: aiohttp.ClientSession,
    fault: StreamFault,
    results: int,
    end: bytes,
) -> None:
    """A stream can fail after its status; the next one is complete."""
    device = stack.add_device("bank-1", storage=True)
    await device.join()
    for f_cnt in range(4):
        await device.uplink(1, f_cnt, b"\x00")
    stack.faults.streams.append(fault)
    async with http.get(address(stack, STORED), headers=bearer()) as answer:
        assert answer.status == 200
        spoilt = await answer.read()
    assert spoilt.count(b"result") == results
    assert spoilt.endswith(end)
    async with http.get(address(stack, STORED), headers=bearer()) as answer:
        whole = await answer.read()
    assert whole.startswith(spoilt) == (fault is StreamFault.CUT)
    assert whole.count(b"result") == 4
    assert whole.endswith(b"\n\n")


async def test_what_is_no_radio_traffic(device: Device, heard: aiomqtt.Client) -> None:
    """All documented events of a device can be published."""
    await heard.subscribe(f"{APPLICATION}/devices/+/location/solved")
    await heard.subscribe(f"{APPLICATION}/devices/+/service/data")
    device.push([SETTINGS])
    await following(heard)
    extras.invalidate_queue(device)
    topic, message = await following(heard)
    assert topic == "bank-1/down/invalidated"
    (dropped,) = message["downlink_queue_invalidated"]["downlinks"]
    assert dropped["correlation_ids"][0] == "battery_thermal:1"
    assert not device.queue
    extras.solve_location(device)
    topic, message = await following(heard)
    assert (topic, "location_solved" in message) == ("bank-1/location/solved", True)
    extras.serve_data(device)
    topic, message = await following(heard)
    assert (topic, "service_data" in message) == ("bank-1/service/data", True)
    extras.normalize(device, 1, b"\x00")
    topic, message = await following(heard)
    assert (topic, "uplink_normalized" in message) == ("bank-1/up", True)


@pytest.mark.parametrize("old", [False, True])
async def test_simulated_uplink(
    device: Device, heard: aiomqtt.Client, old: bool
) -> None:
    """A simulated uplink has no session, counter, radio data or time of its own."""
    extras.simulate(device, 1, b"\x00", old=old)
    topic, message = await following(heard)
    assert topic == "bank-1/up"
    assert message["simulated"] is True
    assert datetime.fromisoformat(message["received_at"])
    ids = {"device_id": "bank-1", "application_ids": {"application_id": "batteries"}}
    assert message["end_device_ids"] == ids
    time = {"received_at": "0001-01-01T00:00:00Z"} if old else {}
    assert message["uplink_message"] == {"f_port": 1, "frm_payload": "AA=="} | time


async def test_payloads_that_stay_encrypted(
    device: Device, heard: aiomqtt.Client
) -> None:
    """Undecrypted payloads are published with the wrapped session key."""
    device.skip_payload_crypto = True
    await device.join()
    _, message = await following(heard)
    assert message["join_accept"]["app_s_key"]["encrypted_key"]
    await device.uplink(1, 1, bytes(49))
    _, message = await following(heard)
    uplink = message["uplink_message"]
    assert uplink["app_s_key"]["kek_label"]
    assert len(uplink["frm_payload"]) == len(b64encode(bytes(49)))
    assert uplink["frm_payload"] != b64encode(bytes(49)).decode()


async def test_packet_broker_without_figures(
    device: Device, heard: aiomqtt.Client
) -> None:
    """Uplinks of Packet Broker may have no signal figures."""
    nobody = Reception("packetbroker", rssi=0, snr=0.0)
    await device.uplink(1, 0, b"\x00", receptions=[nobody])
    _, message = await following(heard)
    (reception,) = message["uplink_message"]["rx_metadata"]
    assert not {"rssi", "channel_rssi", "snr"} & reception.keys()


async def test_storage_that_lags(http: aiohttp.ClientSession) -> None:
    """An uplink can be read some time after it was stored."""
    now = [datetime(2026, 3, 1, tzinfo=UTC)]
    async with TheThingsStack(clock=lambda: now[0]) as stack:
        stack.add_key(KEY)
        device = stack.add_device("bank-1", storage=True, storage_delay=5)
        await device.join()
        await device.uplink(1, 0, b"\x00")
        for seconds, readable in ((4, False), (1, True)):
            now[0] += timedelta(seconds=seconds)
            async with http.get(address(stack, STORED), headers=bearer()) as answer:
                assert bool(await answer.text()) is readable


async def test_storage_switched_off(
    stack: TheThingsStack, device: Device, http: aiohttp.ClientSession
) -> None:
    """With the storage off the answer is empty, without an error."""
    await device.uplink(1, 0, b"\x00")
    async with http.get(address(stack, STORED), headers=bearer()) as answer:
        assert (answer.status, await answer.text()) == (200, "")


async def test_http_faults(
    stack: TheThingsStack, device: Device, http: aiohttp.ClientSession
) -> None:
    """Each fault applies to one request."""
    stack.faults.http.extend(
        [
            HttpFault(429, retry_after=7),
            HttpFault(500),
            HttpFault(200, body=b"<html>", delay=0.01),
            HttpFault(0),
        ]
    )
    url = address(stack, DOWN)
    async with http.get(url, headers=bearer()) as answer:
        assert (answer.status, answer.headers["X-Rate-Limit-Retry"]) == (429, "7")
        assert (await answer.json())["code"] == 8
    async with http.get(url, headers=bearer()) as answer:
        assert answer.status == 500
    async with http.get(url, headers=bearer()) as answer:
        assert await answer.text() == "<html>"
    with pytest.raises(aiohttp.ClientError):
        # POST, because aiohttp repeats a failed GET.
        await http.post(f"{url}/replace", json=body(), headers=bearer())
    async with http.get(url, headers=bearer()) as answer:
        assert answer.status == 200
    assert len(stack.http.requests) == 5
