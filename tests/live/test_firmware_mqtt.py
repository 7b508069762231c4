"""Tests of the firmware's MQTT client in a real MicroPython, against faulty brokers."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
import struct

import pytest

from simulator.mqtt.packets import Decoder, PacketType, Publish, encode, encode_publish

FIRMWARE = Path(__file__).parents[2] / "firmware"

CLIENT = """
import asyncio
import mqtt

async def main():
    connection = await mqtt.connect(
        "127.0.0.1", {port}, "board", lambda *message: print("message", *message), keepalive={keepalive}
    )
    print("connected")
    {then}
    while connection.error is None:
        await asyncio.sleep_ms(10)
    print("ended:", connection.error)
    await connection.close()

try:
    asyncio.run(main())
except OSError as error:
    print("failed:", error)
"""

CONNECTED = encode(PacketType.CONNACK, b"\0\0\0")


class Peer:
    """The broker's side of one connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Initialize without packets."""
        self._reader = reader
        self._writer = writer
        self._decoder = Decoder()
        self._packets: list[tuple[int, bytes]] = []

    def send(self, data: bytes) -> None:
        """Send any bytes."""
        self._writer.write(data)

    async def read(self, kind: PacketType) -> bytes:
        """Return the body of the next packet of this kind; answer no ping."""
        while True:
            while self._packets:
                first, body = self._packets.pop(0)
                if first >> 4 == kind:
                    return body
            data = await self._reader.read(1000)
            assert data, f"no {kind.name} before the end"
            self._packets += self._decoder.feed(data)


async def talk(
    micropython: str,
    broker: Callable[[Peer], Awaitable[None]],
    then: str = "",
    keepalive: int = 60,
) -> list[str]:
    """Let the firmware connect to ``broker``, and return the lines it prints.

    No broker here answers a ping: the default ``keepalive``, in seconds, is longer than any test, however slow the machine.
    """
    done = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            peer = Peer(reader, writer)
            await peer.read(PacketType.CONNECT)
            await broker(peer)
            with suppress(ConnectionError):
                while await reader.read(1000):
                    pass
        except BaseException as error:
            done.set_exception(error)
            raise
        else:
            done.set_result(None)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1")
    async with asyncio.timeout(30), server:
        port = server.sockets[0].getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            micropython,
            "-c",
            CLIENT.format(port=port, then=then, keepalive=keepalive),
            env={"MICROPYPATH": f"{FIRMWARE}:.frozen"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        await done
    return output.decode().splitlines()


async def test_refused(micropython: str) -> None:
    """A refused connection raises an error with the reason."""

    async def broker(peer: Peer) -> None:
        peer.send(encode(PacketType.CONNACK, b"\0\x87\0"))

    [line] = await talk(micropython, broker)
    assert line.startswith("failed:") and str(0x87) in line


@pytest.mark.parametrize(
    "nonsense",
    [
        pytest.param(b"\x30\xff\xff\xff\x7f", id="a packet without end"),
        pytest.param(b"\x32\x02\x00\xff", id="a topic longer than its packet"),
        pytest.param(encode(PacketType.PUBLISH, b"\0\1\xff\0"), id="no UTF-8"),
        pytest.param(encode(PacketType.PUBACK, b""), id="nothing acknowledged"),
        pytest.param(encode(PacketType.DISCONNECT, b"\x8b\0"), id="sent away"),
    ],
)
async def test_nonsense(micropython: str, nonsense: bytes) -> None:
    """An invalid packet ends the connection."""

    async def broker(peer: Peer) -> None:
        peer.send(CONNECTED + nonsense)

    connected, ended = await talk(micropython, broker)
    assert (connected, ended[:6]) == ("connected", "ended:")


async def test_exactly_once(micropython: str) -> None:
    """A QoS 2 message repeated before its release is delivered once; after the release it is a new one."""

    async def broker(peer: Peer) -> None:
        message = encode_publish(Publish("a", b"once", 2, packet_id=7), 5)
        number = struct.pack("!H", 7)
        peer.send(CONNECTED + message)
        assert await peer.read(PacketType.PUBREC) == number
        peer.send(message)
        assert await peer.read(PacketType.PUBREC) == number
        peer.send(encode(PacketType.PUBREL, number))
        assert await peer.read(PacketType.PUBCOMP) == number
        peer.send(message)
        assert await peer.read(PacketType.PUBREC) == number
        peer.send(encode(PacketType.DISCONNECT))

    lines = await talk(micropython, broker)
    assert [line for line in lines if "message" in line] == ["message a b'once'"] * 2


async def test_sends_in_steps(micropython: str) -> None:
    """A QoS 2 message is released after PUBREC, and done after PUBCOMP."""

    async def broker(peer: Peer) -> None:
        peer.send(CONNECTED)
        body = await peer.read(PacketType.PUBLISH)
        assert body.endswith(b"hello")
        number = body[3:5]
        peer.send(encode(PacketType.PUBREC, number))
        assert await peer.read(PacketType.PUBREL) == number
        peer.send(encode(PacketType.PUBCOMP, number))
        await peer.read(PacketType.DISCONNECT)

    then = 'await connection.publish("a", "hello", 2); print("sent"); await connection.disconnect()'
    assert "sent" in await talk(micropython, broker, then)


async def test_refused_message(micropython: str) -> None:
    """A message that the broker refuses raises an error for its publisher."""

    async def broker(peer: Peer) -> None:
        peer.send(CONNECTED)
        body = await peer.read(PacketType.PUBLISH)
        peer.send(encode(PacketType.PUBACK, body[3:5] + b"\x87"))

    lines = await talk(micropython, broker, 'await connection.publish("a", "no", 1)')
    assert lines[-1] == f"failed: refused, reason {0x87}"


async def test_silence(micropython: str) -> None:
    """A broker that does not answer PINGREQ is disconnected after one and a half keepalives, 1 s here."""

    async def broker(peer: Peer) -> None:
        peer.send(CONNECTED)
        await peer.read(PacketType.PINGREQ)

    lines = await talk(micropython, broker, keepalive=1)
    assert lines[-1] == "ended: the broker is silent"
