"""Tests of the packets of docs/protocol.md, byte by byte."""

from collections.abc import Iterable
import re

from simulator.mqtt.broker_packets import read_subscribe
from simulator.mqtt.packets import (
    Connect,
    Decoder,
    PacketType,
    Will,
    decode_publish,
    encode_connect,
)

from .pages import REPOSITORY

LEVEL = 5
ROW = re.compile(
    r"^\| (board|server) \| (?P<what>[^|]+) \| (?P<payload>[^|]*) \| `(?P<bytes>[^`]+)` \|$",
    re.MULTILINE,
)


def rows() -> Iterable[re.Match[str]]:
    """Return the rows of the table."""
    page = (REPOSITORY / "docs" / "protocol.md").read_text()
    return list(ROW.finditer(page))


def test_packets() -> None:
    """Each packet is complete, with the content and the QoS of its row."""
    for row in rows():
        what, payload = row["what"], row["payload"].strip(" `").encode()
        quality = int(said[1]) if (said := re.search(r"QoS (\d)", what)) else 0
        topic = said[1] if (said := re.search(r"`(\S+)`", what)) else ""
        [(first, body)] = Decoder().feed(bytes.fromhex(row["bytes"]))
        match PacketType(first >> 4):
            case PacketType.CONNECT:
                will = Will(topic, payload, quality) if topic else None
                connect = Connect("b1", level=LEVEL, keepalive=5, will=will)
                assert bytes.fromhex(row["bytes"]) == encode_connect(connect)
            case PacketType.SUBSCRIBE:
                assert read_subscribe(first, body, LEVEL).filters == ((topic, quality),)
            case PacketType.PUBLISH:
                publish = decode_publish(first, body, LEVEL)
                assert publish.topic == topic
                assert publish.payload == payload
                assert publish.qos == quality
                assert not publish.retain


def test_order() -> None:
    """The rows are in the order of a session: join, assignment, start, switching."""
    topics = re.findall(r"PUBLISH `(\S+)`", "\n".join(row["what"] for row in rows()))
    assert topics == [
        "state/join",
        "state/nameAssign",
        "state/join",
        "led/status",
        "photoresistor/status",
        "led/command",
        "led/status",
    ]
