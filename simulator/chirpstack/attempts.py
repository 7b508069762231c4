"""Attempts of a broken or hostile MQTT 5 broker, or of a hostile ChirpStack behind it.

Each replaces one part of the conversation (``Where``) while it is in ``BrokerFaults.raw``.
Numbers in comments are sections of MQTT 5.0, OASIS standard.
"""

from base64 import b64encode
from collections.abc import Iterator
from itertools import count
import json
from random import Random
import struct
from typing import Any

from simulator.attempt import WRONG_VALUES, Attempt
from simulator.mqtt.packets import Publish, encode_publish
from simulator.raw import Raw, Where, endless, raw

from .events import LogCode, identifier

DEV_EUI = "70b3d57ed0001234"
"""The end device in all messages."""
APPLICATION_ID = identifier(Random(0))
"""Id of the application in all topics: that of a stand-in with the seed 0."""
_BASE = f"application/{APPLICATION_ID}/device/"

type _Json = dict[str, Any]

_MEGABYTE = 1_000_000
_LONG_TEXT = "A" * 200_000
_DEEP = b'{"a":' + b"[" * 200_000
_WIDE = b'{"a":[' + b"[]," * 80_000 + b"[]]}"
_BAD_TIMES = ("2150-01-01T00:00:00Z", "1970-01-02T00:00:00Z", "2199-12-31T23:59:59Z")
_LINE = b64encode(bytes([200, 0, 201] * 16 + [21])).decode()
_LORA = {"bandwidth": 125000, "spreadingFactor": 7, "codeRate": "CR_4_5"}


def event(**fields: Any) -> _Json:
    """Return an uplink event as ChirpStack publishes it, with some fields replaced."""
    uplink: _Json = {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        "time": "2026-11-28T22:00:00.123456789+00:00",
        "deviceInfo": {
            "applicationId": APPLICATION_ID,
            "applicationName": "Batteries",
            "deviceName": "Garage",
            "devEui": DEV_EUI,
        },
        "devAddr": "01020304",
        "dr": 5,
        "fCnt": 7,
        "fPort": 1,
        "data": "AA==",
        "rxInfo": [{"gatewayId": "0016c001f11a2b3c", "rssi": -90, "snr": 7}],
        "txInfo": {"frequency": 868100000, "modulation": {"lora": _LORA}},
    }
    return uplink | fields


def _wrong() -> Iterator[_Json]:
    """Yield uplinks, each with one field of a wrong type."""
    for wrong in WRONG_VALUES:
        for field in event():
            yield event(**{field: wrong})
        for field in ("deviceName", "applicationName", "devEui"):
            yield event(deviceInfo={field: wrong})
        for field in ("gatewayId", "rssi", "snr"):
            yield event(rxInfo=[{field: wrong}])
        yield event(txInfo={"modulation": wrong})
        for field in _LORA:
            yield event(txInfo={"modulation": {"lora": _LORA | {field: wrong}}})
        yield event(joinServerContext=wrong)


def _wrong_reports() -> Iterator[tuple[str, _Json]]:
    """Yield events of other kinds, each with one field of a wrong type."""
    device = {"deviceInfo": {"devEui": DEV_EUI}}
    for wrong in WRONG_VALUES:
        yield "join", device | {"devAddr": wrong}
        yield "txack", device | {"queueItemId": wrong}
        yield "ack", device | {"queueItemId": wrong, "acknowledged": wrong}
        yield "log", device | {"code": wrong, "context": wrong}
        yield "log", device | {"code": "EXPIRED", "context": {"queue_item_id": wrong}}
        yield "status", device | {"batteryLevel": wrong}


def _published(payload: bytes, kind: str = "up", dev_eui: str = DEV_EUI) -> bytes:
    """Return a PUBLISH of an event with QoS 0."""
    return encode_publish(Publish(f"{_BASE}{dev_eui}/event/{kind}", payload), 5)


def _of(document: object, kind: str = "up") -> bytes:
    """Return a PUBLISH of a JSON document."""
    return _published(json.dumps(document).encode(), kind)


def _acknowledged() -> Iterator[bytes]:
    """Yield uplinks with QoS 1 without end; the client has to acknowledge each."""
    payload = json.dumps(event()).encode()
    topic = f"{_BASE}{DEV_EUI}/event/up"
    for number in count():
        publish = Publish(topic, payload, qos=1, packet_id=number % 0xFFFF + 1)
        yield encode_publish(publish, 5)


def _strangers() -> Iterator[bytes]:
    """Yield uplinks of ever new devices in the format of a node."""
    for number in count():
        dev_eui = f"{number:016x}"
        message = event(data=_LINE, deviceInfo={"devEui": dev_eui, "deviceName": "x"})
        yield _published(json.dumps(message).encode(), dev_eui=dev_eui)


def _with_properties(properties: bytes, announced: int | None = None) -> bytes:
    """Return a PUBLISH with properties, whose length may be announced wrongly."""
    topic = f"{_BASE}{DEV_EUI}/event/up".encode()
    length = len(properties) if announced is None else announced
    payload = json.dumps(event()).encode()
    body = struct.pack("!H", len(topic)) + topic + bytes((length,)) + properties
    body += payload
    return bytes((0x30, len(body) & 0x7F | 0x80, len(body) >> 7)) + body


def _connack(properties: bytes, reason: int = 0) -> bytes:
    """Return a CONNACK (3.2)."""
    return bytes((0x20, 3 + len(properties), 0, reason, len(properties))) + properties


_CONNECT: dict[str, Raw] = {
    "silence": raw(closes=False),
    "cut": raw(),
    "a byte every half second": Raw(
        lambda: (bytes((number,)) for number in b"\x20\xff\xff\x7f" + bytes(100)),
        0.5,
        closes=False,
    ),
    "256 MB announced": endless(bytes(65536), b"\x20\xff\xff\xff\x7f"),
    "a length without end": endless(b"\xff" * 1000, b"\x20"),
    "an empty CONNACK": raw(b"\x20\x00"),
    "a CONNACK of version 3.1.1": raw(b"\x20\x02\x00\x00", closes=False),
    "an unknown reason": raw(_connack(b"", 0xFF)),
    "use another server": raw(_connack(b"\x1c\x00\x09127.0.0.1", 0x9D)),
    "properties longer than the packet": raw(b"\x20\x03\x00\x00\x7f"),
    "an unknown property": raw(_connack(b"\x7f\x01"), closes=False),
    "a property that is cut": raw(_connack(b"\x13\x00"), closes=False),
    "a keepalive of zero": raw(_connack(b"\x13\x00\x00"), closes=False),
    "AUTH": raw(b"\xf0\x02\x18\x00", closes=False),
    "HTTP": raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
}

_SUBSCRIBE: dict[str, Raw] = {
    "silence": raw(closes=False),
    "for something else": raw(b"\x90\x04\x77\x77\x00\x01"),
    "too few reasons": raw(b"\x90\x03\x00\x01\x00"),
    "too many reasons": raw(b"\x90\x06\x00\x01\x00\x01\x01\x01"),
    "properties longer than the packet": raw(b"\x90\x04\x00\x01\x7f\x01"),
    "messages instead": endless(_published(b" " * 200_000)),
    "messages of QoS 1 instead": Raw(_acknowledged),
    "a DISCONNECT": raw(b"\xe0\x01\x8b"),
}

_PUBLISH: dict[str, Raw] = {
    "23 MB": raw(_published(b"[" * 23 * _MEGABYTE), closes=False),
    "256 MB announced": endless(bytes(65536), b"\x30\xff\xff\xff\x7f"),
    "arrays 200,000 deep": raw(*[_published(_DEEP)] * 50, closes=False),
    "80,000 arrays": endless(_published(_WIDE)),
    "60,000 gateways": endless(_of(event(rxInfo=[{}] * 60_000))),
    "60,000 tags": endless(
        _of(event(deviceInfo={"tags": {str(number): "" for number in range(60_000)}}))
    ),
    "names of 200 kB": endless(_of(event(deviceInfo={"deviceName": _LONG_TEXT}))),
    "payloads of 150 kB": endless(_of(event(data=_LONG_TEXT))),
    "each field of each wrong type": raw(*map(_of, _wrong()), closes=False),
    "each field of each other event": raw(
        *(_of(document, kind) for kind, document in _wrong_reports()), closes=False
    ),
    "of 1970 and 2150": raw(
        *(
            _of(event(time=time, fCnt=number, data=_LINE))
            for number, time in enumerate(_BAD_TIMES * 10)
        ),
        closes=False,
    ),
    "ever other devices": Raw(_strangers),
    "QoS 1 without end": Raw(_acknowledged),
    "the same packet identifier": endless(
        encode_publish(Publish(f"{_BASE}x/event/up", b"{}", qos=1, packet_id=1), 5)
    ),
    "log events without end": endless(
        b"".join(_of({"deviceInfo": {}, "code": code}, "log") for code in LogCode) * 50
    ),
    "events that nobody knows": endless(_of({}, "a" * 1000)),
    "protobuf": raw(_published(b"\x0a\x24" + bytes(36)), closes=False),
    "PUBACKs of nothing": endless(b"\x40\x02\x00\x09" * 10_000),
    "PINGRESPs without end": endless(b"\xd0\x00" * 30_000),
    "empty messages without end": endless(_published(b"") * 1000),
    "topics of others": raw(
        *(
            encode_publish(Publish(topic, b"{}"), 5)
            for topic in (
                "",
                "/",
                "a",
                "application",
                _BASE,
                f"{_BASE}{DEV_EUI}/event/",
                f"{_BASE}a/../b/event/up",
                f"{_BASE}{DEV_EUI.upper()}/event/up",
                _BASE.replace("0", "1") + f"{DEV_EUI}/event/up",
            )
        ),
        closes=False,
    ),
    "a topic that is no text": raw(b"\x30\x05\x00\x02\xff\xff\x00", closes=False),
    "a topic longer than the packet": raw(b"\x30\x04\xff\xff\xff\xff", closes=False),
    "a topic alias": raw(b"\x30\x06\x00\x00\x03\x23\x00\x01", closes=False),
    "20 user properties": raw(
        _with_properties(b"\x26\x00\x01a\x00\x01b" * 18), closes=False
    ),
    "properties longer than announced": raw(
        _with_properties(b"\x26\x00\xffa", 4), closes=False
    ),
    "QoS 2": raw(b"\x34\x06\x00\x01a\x00\x01\x00", closes=False),
    "QoS 3": raw(b"\x36\x06\x00\x01a\x00\x01\x00", closes=False),
    "a DISCONNECT with every reason": raw(
        *(bytes((0xE0, 1, reason)) for reason in range(256))
    ),
    "a byte every half second": Raw(
        lambda: (bytes((number,)) for number in b"\x30\xff\xff\x0f" + bytes(100)),
        0.5,
        closes=False,
    ),
    "cut in a message": raw(_of(event())[:100]),
    "no MQTT": raw(bytes(range(256)) * 100),
}

_PUBACK: dict[str, Raw] = {
    "silence": raw(closes=False),
    "for something else": raw(b"\x40\x02\xff\xff", closes=False),
    "an unknown reason": raw(b"\x40\x04\x00\x02\xfe\x00", closes=False),
    "properties longer than the packet": raw(b"\x40\x04\x00\x02\x00\x7f"),
    "cut": raw(),
    "messages instead": endless(_published(b" " * 200_000)),
}

ATTEMPTS = tuple(
    Attempt(f"{label}: {name}", where, what)
    for label, where, table in (
        ("CONNACK", Where.CONNECT, _CONNECT),
        ("SUBACK", Where.SUBSCRIBE, _SUBSCRIBE),
        ("PUBACK", Where.DOWN, _PUBACK),
        ("MQTT", Where.PUBLISH, _PUBLISH),
    )
    for name, what in table.items()
)
