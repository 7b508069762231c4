"""Tests of the stand-in's connections: TLS, keepalive, invalid clients."""

import asyncio
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import ssl

import aiohttp
import aiomqtt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
import pytest

from simulator.mqtt.packets import (
    Connect,
    PacketType,
    Publish,
    Subscribe,
    Will,
    encode,
    encode_connect,
    encode_publish,
    encode_subscribe,
)
from simulator.the_things_stack import TheThingsStack
from tests.simulator.conftest import KEY, until

LOGIN = encode_connect(
    Connect("me", 4, keepalive=1, username="batteries@ttn", password=KEY)
)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a self-signed certificate for 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        signed.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


async def test_tls_on_both_ports(certificate: Path) -> None:
    """Both ports use TLS; a client that does not trust the certificate cannot connect."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=certificate)
    async with TheThingsStack(tls=tls) as stack:
        stack.add_key(KEY)
        device = stack.add_device("bank-1")
        await device.join()

        def client(context: ssl.SSLContext) -> aiomqtt.Client:
            return aiomqtt.Client(
                "127.0.0.1",
                stack.mqtt_port,
                username="batteries@ttn",
                password=KEY,
                protocol=aiomqtt.ProtocolVersion.V311,
                tls_context=context,
            )

        async with client(trusting) as listener:
            await listener.subscribe("v3/batteries@ttn/devices/+/up")
            await device.uplink(1, 0, b"\x00")
            await anext(listener.messages)
        with pytest.raises(aiomqtt.MqttError):
            async with client(ssl.create_default_context()):
                pass
        url = (
            f"https://127.0.0.1:{stack.http_port}/api/v3/applications/batteries/rights"
        )
        async with aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {KEY}"}
        ) as http:
            async with http.get(url, ssl=trusting) as answer:
                assert answer.status == 200
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await http.get(url)


async def test_open_source_edition_has_no_tenant() -> None:
    """The open source edition has no tenant in user name and topics."""
    async with TheThingsStack("app", tenant="") as stack:
        stack.add_key(KEY)
        device = stack.add_device("bank-1")
        async with aiomqtt.Client(
            "127.0.0.1",
            stack.mqtt_port,
            username="app",
            password=KEY,
            protocol=aiomqtt.ProtocolVersion.V311,
        ) as listener:
            await listener.subscribe("#")
            await device.join()
            message = await anext(listener.messages)
            assert message.topic.value == "v3/app/devices/bank-1/join"


async def said(stack: TheThingsStack, data: bytes) -> bytes:
    """Send bytes to the server, return all that it sends until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stack.mqtt_port)
    writer.write(data)
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_keepalive_is_kept(stack: TheThingsStack) -> None:
    """A client that is silent for one and a half keepalives is disconnected."""
    started = asyncio.get_running_loop().time()
    assert await said(stack, LOGIN) == b"\x20\x02\x00\x00"
    assert asyncio.get_running_loop().time() - started >= 1.4


async def test_ping_and_goodbye(stack: TheThingsStack) -> None:
    """PING is answered, and DISCONNECT ends the connection."""
    talk = LOGIN + encode(PacketType.PINGREQ) + encode(PacketType.DISCONNECT)
    assert await said(stack, talk) == b"\x20\x02\x00\x00" + b"\xd0\x00"


@pytest.mark.parametrize(
    "nonsense",
    [
        b"GET / HTTP/1.1\r\n" + b"Host: example.org\r\n" * 5,
        encode(PacketType.PINGREQ),
        b"\x30\xff\xff\xff\xff\xff",
        LOGIN + encode(PacketType.CONNACK),
        LOGIN + LOGIN,
        LOGIN + encode(PacketType.SUBSCRIBE, b"\x00"),
        encode(PacketType.CONNECT, b"\x00\x02\xff\xff\x04"),
    ],
    ids=["HTTP", "ping first", "length", "CONNACK", "two logins", "cut", "not UTF-8"],
)
async def test_nonsense_ends_the_connection(
    stack: TheThingsStack, nonsense: bytes
) -> None:
    """Invalid bytes end their own connection only."""
    await said(stack, nonsense)
    polite = LOGIN + encode(PacketType.DISCONNECT)
    assert await said(stack, polite) == b"\x20\x02\x00\x00"


async def test_will_is_read_over(stack: TheThingsStack) -> None:
    """A will is read and never published."""
    connect = Connect(
        "me", 4, username="batteries@ttn", password=KEY, will=Will("a", b"b", 1, True)
    )
    talk = encode_connect(connect) + encode(PacketType.DISCONNECT)
    assert await said(stack, talk) == b"\x20\x02\x00\x00"


async def test_client_that_does_not_read(stack: TheThingsStack) -> None:
    """A slow client loses messages instead of using memory."""
    device = stack.add_device("bank-1")
    await device.join()
    _, writer = await asyncio.open_connection("127.0.0.1", stack.mqtt_port, limit=1)
    topic = "v3/batteries@ttn/devices/+/up"
    connect = Connect("me", 4, keepalive=0, username="batteries@ttn", password=KEY)
    writer.write(encode_connect(connect))
    writer.write(encode_subscribe(Subscribe(1, ((topic, 0),)), 4))
    writer.write(encode_publish(Publish("x", b"", 0), 4))
    await until(lambda: stack.mqtt.refused_publishes == 1)
    (connection,) = stack.mqtt.connections
    for _ in range(40):
        device.publish_raw("up", bytes(1_000_000))
    assert 1_000_000 <= connection.backlog <= 2_100_000
    writer.transport.abort()
