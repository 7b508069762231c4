"""Attempts of a broken or hostile server to block a client: a table.

Each replaces one part of the conversation (``Where``) while it is in ``Faults.raw``.
"""

from collections.abc import Iterable, Iterator
from itertools import count
import json
from typing import Any
import zlib

from simulator.attempt import WRONG_VALUES, Attempt
from simulator.mqtt.packets import Publish, encode_publish
from simulator.raw import Raw, Where, endless, raw

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CLOSE = _OK + b"Connection: close\r\n\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_MEGABYTE = 1_000_000
DEVICE = "garage"
"""The end device in all messages."""
_TOPIC = f"v3/batteries@ttn/devices/{DEVICE}/up"

type _Json = dict[str, Any]


def uplink(**fields: Any) -> _Json:
    """Return an uplink as The Things Stack publishes it, with some fields replaced."""
    message: _Json = {
        "session_key_id": "AYxExampleSession",
        "f_port": 1,
        "f_cnt": 7,
        "frm_payload": "AA==",
        "rx_metadata": [{"gateway_ids": {"gateway_id": "g"}, "rssi": -90, "snr": 7}],
        "settings": {
            "data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 7}}
        },
        "received_at": "2026-11-28T22:00:00Z",
        "consumed_airtime": "0.0975s",
    }
    ids = {"device_id": DEVICE, "application_ids": {"application_id": "batteries"}}
    return {"end_device_ids": ids, "uplink_message": message | fields}


def _wrong() -> Iterator[_Json]:
    """Yield uplinks, each with one field of a wrong type."""
    for wrong in WRONG_VALUES:
        for field in uplink()["uplink_message"]:
            yield uplink(**{field: wrong})
        yield {**uplink(), "uplink_message": wrong}
        yield {**uplink(), "end_device_ids": wrong}
        for inner in ("gateway_ids", "rssi", "snr"):
            yield uplink(rx_metadata=[{inner: wrong}])
        yield uplink(settings={"data_rate": wrong})
        yield uplink(settings={"data_rate": {"lora": wrong}})


def _dated(*times: str) -> Iterator[_Json]:
    """Yield uplinks with wrong times of reception."""
    for number, time in enumerate(times):
        yield uplink(received_at=time, f_cnt=number, frm_payload="/////////w==")


def _compressed(encoding: bytes, megabytes: int) -> Raw:
    """Return an answer that decompresses to `size` bytes."""

    def pieces() -> Iterable[bytes]:
        bits = 31 if encoding == b"gzip" else 15
        packer = zlib.compressobj(9, zlib.DEFLATED, bits)
        yield _OK + b"Content-Encoding: " + encoding + b"\r\nConnection: close\r\n\r\n"
        for _ in range(megabytes):
            yield packer.compress(b" " * _MEGABYTE)
        yield packer.flush()

    return Raw(pieces)


def _answer(document: Any) -> Raw:
    """Return a whole answer with a JSON document."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return raw(_OK + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)


def _lines(messages: Iterable[_Json]) -> Raw:
    """Return a whole answer of the storage integration."""
    lines = "".join(f"{json.dumps({'result': one})}\n\n" for one in messages)
    return _answer(lines.encode())


def _trickled(data: bytes) -> Raw:
    """Return a stream with one byte every half second."""
    return Raw(lambda: (data[n : n + 1] for n in range(len(data))), 0.5, closes=False)


def _published(payload: bytes, topic: str = _TOPIC) -> bytes:
    return encode_publish(Publish(topic, payload), 4)


def _strangers() -> Iterator[bytes]:
    """Yield uplinks of ever new devices in the format of a node."""
    line = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAFQ=="
    for number in count():
        message = json.dumps(uplink(frm_payload=line)).encode()
        topic = _TOPIC.replace(DEVICE, f"stranger-{number}")
        yield _published(message, topic)


_DEEP = b'{"a":' + b"[" * 200_000
_WIDE = b'{"a":[' + b"[]," * 80_000 + b"[]]}"
_GATEWAYS = uplink(rx_metadata=[{}] * 60_000)
_LONG_TEXT = "A" * 200_000
_BAD_TIMES = ("2150-01-01T00:00:00Z", "1970-01-02T00:00:00Z", "2199-12-31T23:59:59Z")

_HTTP: dict[str, Raw] = {
    "4 kB of gzip": _compressed(b"gzip", 4),
    "gzip of 300 MB": _compressed(b"gzip", 300),
    "deflate of 300 MB": _compressed(b"deflate", 300),
    "endless": endless(b" " * 65536, _CLOSE),
    "endless, in chunks": endless(b"10000\r\n" + b" " * 65536 + b"\r\n", _CHUNKED),
    "10 GB announced": endless(
        b" " * 65536, _OK + b"Content-Length: 9999999999\r\n\r\n"
    ),
    "a chunk of 2^64 bytes": endless(b" " * 65536, _CHUNKED + b"FFFFFFFFFFFFFFFF\r\n"),
    "endless headers": endless(b"X-A: " + b"a" * 4000 + b"\r\n", _OK),
    "a header without end": endless(b"a" * 65536, _OK + b"X-A: "),
    "100 Continue without end": endless(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "arrays 200,000 deep": raw(_CLOSE + _DEEP),
    "80,000 arrays": _answer(_WIDE),
    "a byte every half second": _trickled(_CLOSE + b" " * 10_000),
    "a byte every half second after the headers": Raw(
        lambda: (b" " if number else _CLOSE for number in count()), 0.5
    ),
    "silence": raw(closes=False),
    "silence after the headers": raw(_CLOSE, closes=False),
    "redirect": raw(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n"),
    "redirect that keeps the method": raw(
        b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:9/\r\n\r\n"
    ),
    "no HTTP": raw(bytes(range(256)) * 100),
    "cut before anything": raw(),
    "cut in the headers": raw(_OK[:20]),
    "cut in the body": raw(_OK + b'Content-Length: 100\r\n\r\n{"rights":'),
    "no UTF-8": _answer(b'{"\xff": 1}'),
    "a list": _answer([]),
    "a number": _answer(5),
}

# The answer to a downlink is read like any other, so a few attempts suffice.
_DOWN = (
    "4 kB of gzip",
    "endless",
    "a byte every half second",
    "silence",
    "redirect",
    "redirect that keeps the method",
    "cut in the body",
)

_RIGHTS: dict[str, Any] = {
    "a number": 5,
    "a text": "RIGHT_APPLICATION_ALL",
    "an object": {"RIGHT_APPLICATION_ALL": True},
    "a list of objects": [{}],
    "a list of lists": [["RIGHT_APPLICATION_ALL"]],
    "null": None,
}

DEVICES: dict[str, Any] = {
    "a number": 5,
    "an object": {"a": 1},
    "numbers": [1],
    "without ids": [{}],
    "ids that are a number": [{"ids": 5}],
    "an id that is a number": [{"ids": {"device_id": 5}}],
    "no id": [{"ids": {"device_id": ""}}],
    "an id that climbs": [{"ids": {"device_id": "a/../b"}}],
    "an id in other letters": [{"ids": {"device_id": "gärage"}}],
    "an endless id": [{"ids": {"device_id": "a" * 100_000}}],
    "a name that is a number": [{"ids": {"device_id": DEVICE}, "name": 5}],
    "the same page without end": [
        {"ids": {"device_id": f"device-{number}"}} for number in range(100)
    ],
}

_STORED: dict[str, Raw] = {
    "endless uplinks": endless(
        b'{"result":' + json.dumps(uplink()).encode() + b"}\n\n", _CLOSE
    ),
    "endless empty objects": endless(b"{}\n" * 10_000, _CLOSE),
    "endless empty lines": endless(b"\n" * 65536, _CLOSE),
    "a line without end": endless(b"x" * 65536, _CLOSE),
    "each field of each wrong type": _lines(_wrong()),
    "deep lines": _answer((b"[" * 100_000 + b"\n") * 20),
    "60,000 gateways": _lines([_GATEWAYS] * 10),
    "texts of 200 kB": _lines([uplink(session_key_id=_LONG_TEXT)] * 300),
    "payloads of 150 kB": _lines([uplink(frm_payload=_LONG_TEXT)] * 300),
    "of 1970 and 2150": _lines(_dated(*_BAD_TIMES)),
    "cut in an uplink": raw(_CLOSE + b'{"result":{"end_device_ids":{"device'),
}

_CONNECT: dict[str, Raw] = {
    "silence": raw(closes=False),
    "cut": raw(),
    "a byte every half second": _trickled(b"\x20\xff\xff\x7f" + bytes(100)),
    "256 MB announced": endless(bytes(65536), b"\x20\xff\xff\xff\x7f"),
    "a length without end": endless(b"\xff" * 1000, b"\x20"),
    "a CONNACK of another length": raw(b"\x20\x03\x00\x00\x00"),
    "an unknown code": raw(b"\x20\x02\x00\xff"),
    "HTTP": raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
}

_SUBSCRIBE: dict[str, Raw] = {
    "silence": raw(closes=False),
    "for something else": raw(b"\x90\x03\x77\x77\x00"),
    "too few codes": raw(b"\x90\x02\x00\x01"),
    "messages instead": endless(_published(b" " * 200_000)),
}

_PUBLISH: dict[str, Raw] = {
    "23 MB": raw(_published(b"[" * 23 * _MEGABYTE), closes=False),
    "256 MB announced": endless(bytes(65536), b"\x30\xff\xff\xff\x7f"),
    "arrays 200,000 deep": raw(*[_published(_DEEP)] * 50, closes=False),
    "80,000 arrays": endless(_published(_WIDE)),
    "60,000 gateways": endless(_published(json.dumps(_GATEWAYS).encode())),
    "texts of 200 kB": endless(
        _published(json.dumps(uplink(session_key_id=_LONG_TEXT)).encode())
    ),
    "payloads of 150 kB": endless(
        _published(json.dumps(uplink(frm_payload=_LONG_TEXT)).encode())
    ),
    "each field of each wrong type": raw(
        *(_published(json.dumps(one).encode()) for one in _wrong()), closes=False
    ),
    "of 1970 and 2150": raw(
        *(_published(json.dumps(one).encode()) for one in _dated(*_BAD_TIMES * 10)),
        closes=False,
    ),
    "ever other devices": Raw(_strangers),
    "endless signs of life": endless(b"\xd0\x00" * 30_000),
    "endless empty messages": endless(_published(b"", "v3/x") * 1000),
    "topics of others": raw(
        *(
            _published(b"{}", topic)
            for topic in (
                "",
                "/",
                "a",
                "v3",
                "v3/batteries@ttn/devices/",
                _TOPIC + "/x/y",
            )
        ),
        closes=False,
    ),
    "a device called a/../b": raw(
        _published(b"{}", _TOPIC.replace(DEVICE, "a/../b")), closes=False
    ),
    "a topic that is no text": raw(b"\x30\x04\x00\x02\xff\xff", closes=False),
    "a topic longer than the packet": raw(b"\x30\x04\xff\xff\xff\xff", closes=False),
    "QoS 2": raw(b"\x34\x05\x00\x01a\x00\x01", closes=False),
    "a byte every half second": _trickled(b"\x30\xff\xff\x0f" + bytes(100)),
    "cut in a message": raw(_published(json.dumps(uplink()).encode())[:100]),
    "no MQTT": raw(bytes(range(256)) * 100),
}

ATTEMPTS = tuple(
    Attempt(f"{label}: {name}", where, what)
    for label, where, table in (
        ("rights", Where.RIGHTS, _HTTP),
        (
            "rights",
            Where.RIGHTS,
            {
                f"{name} for rights": _answer({"rights": v})
                for name, v in _RIGHTS.items()
            },
        ),
        (
            "list of devices",
            Where.DEVICES,
            {name: _answer({"end_devices": v}) for name, v in DEVICES.items()},
        ),
        ("list of devices", Where.DEVICES, {"4 kB of gzip": _HTTP["4 kB of gzip"]}),
        ("stored uplinks", Where.STORED, _HTTP),
        ("stored uplinks", Where.STORED, _STORED),
        ("downlink", Where.DOWN, {name: _HTTP[name] for name in _DOWN}),
        ("CONNACK", Where.CONNECT, _CONNECT),
        ("SUBACK", Where.SUBSCRIBE, _SUBSCRIBE),
        ("MQTT", Where.PUBLISH, _PUBLISH),
    )
    for name, what in table.items()
)
