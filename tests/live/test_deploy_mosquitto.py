"""Tests of the configuration in deploy/mosquitto with the real mosquitto."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
import re
import subprocess
import threading
from typing import Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
import pytest

from custom_components.esp32_sensors.const import MOST_BOARDS
from custom_components.esp32_sensors.core.clock import Instant
from custom_components.esp32_sensors.core.protocol import Credentials, Discarded, Join
from custom_components.esp32_sensors.core.session_server import SessionServer
from demo.processes import Child, free_port, is_free

DEPLOY = Path(__file__).parents[2] / "deploy" / "mosquitto"
MAC_A = "61:EC:ED:3B:25:B1"
MAC_B = "61:EC:ED:3B:25:B2"
WAIT_SECONDS = 30.0
LAST_WORD = "nothing more"


class Deployed:
    """The broker, its ports, and the passwords of its logins."""

    def __init__(self, port: int, websocket_port: int, logins: dict[str, str]) -> None:
        """Initialize with its address."""
        self.port = port
        self.websocket_port = websocket_port
        self.logins = logins

    def client(self, user: str | None, **options: Any) -> Client:
        """Return a client with a login, or without one."""
        return Client(self, user, **options)


class Client:
    """An MQTT client that records the broker's answers and the received messages."""

    def __init__(
        self,
        broker: Deployed,
        user: str | None,
        *,
        password: str | None = None,
        keepalive: int = 5,
        protocol: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv5,
        websockets: bool = False,
    ) -> None:
        """Connect; ``reason`` is the broker's answer, empty if it closed the connection without one."""
        self.reason = ""
        self.server_keepalive: int | None = None
        self.heard: list[tuple[str, str]] = []
        self._answered = threading.Event()
        self._subscribed = threading.Event()
        self._news = threading.Condition()
        self.gone = threading.Event()
        self._is_version_5 = protocol is MQTTProtocolVersion.MQTTv5
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            protocol=protocol,
            transport="websockets" if websockets else "tcp",
            reconnect_on_failure=False,
        )
        if user:
            self._client.username_pw_set(user, password or broker.logins[user])
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        port = broker.websocket_port if websockets else broker.port
        self._client.connect("127.0.0.1", port, keepalive)
        self._client.loop_start()
        assert self._answered.wait(WAIT_SECONDS)

    def _on_connect(
        self, _client: Any, _data: Any, _flags: Any, reason: Any, properties: Any
    ) -> None:
        self.reason = str(reason)
        self.server_keepalive = getattr(properties, "ServerKeepAlive", None)
        self._answered.set()

    def _on_disconnect(self, *_: Any) -> None:
        self._answered.set()
        self.gone.set()

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        with self._news:
            self.heard.append((message.topic, message.payload.decode()))
            self._news.notify_all()

    @property
    def connected(self) -> bool:
        """Whether the broker accepted the connection."""
        return self.reason == "Success"

    def listen(self, *topics: str) -> None:
        """Subscribe. The broker may accept a subscription and deliver nothing."""
        self._client.subscribe([(topic, 1) for topic in topics])
        assert self._subscribed.wait(WAIT_SECONDS)

    def send(self, topic: str, payload: str) -> paho.MQTTMessageInfo:
        """Publish, and return without waiting."""
        properties = Properties(PacketTypes.PUBLISH) if self._is_version_5 else None
        return self._client.publish(topic, payload, 1, properties=properties)

    def say(self, topic: str, payload: str) -> None:
        """Publish and wait for the broker's acknowledgement."""
        said = self.send(topic, payload)
        said.wait_for_publish(WAIT_SECONDS)
        assert said.is_published()

    def until_heard(self, topic: str, payload: str) -> None:
        """Wait until a message is received."""
        with self._news:
            heard = self._news.wait_for(
                lambda: (topic, payload) in self.heard, WAIT_SECONDS
            )
            assert heard, self.heard

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()


def prepare(folder: Path, *, without_login: bool) -> tuple[Path, Deployed]:
    """Follow deploy/mosquitto/README.md, with other ports and in another folder."""
    readme = (DEPLOY / "README.md").read_text()
    acl = (DEPLOY / "acl").read_text()
    text = (DEPLOY / "mosquitto.conf").read_text()
    if without_login:
        chapter = readme.partition("## Boards without a login")[2].partition("\n## ")[0]
        old, new = re.findall(r"`(allow_anonymous \w+)`", chapter)
        assert old in text
        text = text.replace(old, new)
        lines = "\n".join(re.findall(r"^ +(topic .*)$", chapter, re.MULTILINE))
        acl = acl.replace("user ", f"{lines}\n\nuser ", 1)
    (folder / "acl").write_text(acl)
    passwords = folder / "passwords"
    passwords.touch()
    logins = {"homeassistant": "one", "boards": "two"}
    for user, password in logins.items():
        command = ["mosquitto_passwd", "-b", str(passwords), user, password]
        subprocess.run(command, check=True)
    for mac in MAC_A, MAC_B:
        added = subprocess.run(
            [DEPLOY / "add-board", mac, folder],
            capture_output=True,
            text=True,
            check=True,
        )
        user, password = re.findall(r":\s+(\S+)", added.stdout)
        logins[user] = password
    ports = free_port(), free_port()
    for old, new in (
        ("/etc/mosquitto/esp32", str(folder)),
        ("/var/log/mosquitto", str(folder)),
        ("listener 1883", f"listener {ports[0]} 127.0.0.1"),
        ("listener 9001", f"listener {ports[1]} 127.0.0.1"),
    ):
        assert old in text
        text = text.replace(old, new)
    # If root starts it, mosquitto changes its user, and could not read the test's files.
    conf = folder / "mosquitto.conf"
    conf.write_text(f"{text}\nuser {folder.owner()}\n")
    return conf, Deployed(*ports, logins)


@pytest.fixture
def without_login() -> bool:
    """Whether boards without a login are permitted."""
    return False


@pytest.fixture
async def broker(
    mosquitto: str, tmp_path: Path, without_login: bool
) -> AsyncGenerator[Deployed]:
    """Run mosquitto with the files of deploy/mosquitto."""
    conf, deployed = await asyncio.to_thread(
        prepare, tmp_path, without_login=without_login
    )
    async with Child("mosquitto", [mosquitto, "-c", str(conf)], tmp_path):
        for port in deployed.port, deployed.websocket_port:
            async with asyncio.timeout(WAIT_SECONDS):
                while is_free(port):
                    await asyncio.sleep(0.05)
        yield deployed


def test_password_is_needed(broker: Deployed) -> None:
    """Clients without login, with a wrong password or with an unknown user are refused."""
    assert not broker.client(None).connected
    assert not broker.client("boards", password="wrong").connected
    assert not broker.client("stranger", password="two").connected
    known = broker.client("boards")
    assert known.connected
    known.close()


def test_limits(broker: Deployed) -> None:
    """The keepalive is at most 12 s for clients of MQTT 5, and packets have at most 200 bytes."""
    five = broker.client("homeassistant", keepalive=60)
    assert five.connected
    assert five.server_keepalive == 12
    five.close()
    three = broker.client("boards", protocol=MQTTProtocolVersion.MQTTv311)
    assert three.connected
    three.say("state/join", "x" * 150)
    assert not three.gone.is_set()
    three.send("state/join", "x" * 201)
    assert three.gone.wait(WAIT_SECONDS)
    three.close()


def test_websockets(broker: Deployed) -> None:
    """The second listener transports the same messages over WebSockets."""
    over = broker.client("homeassistant", websockets=True)
    assert over.connected
    over.listen("led/status")
    board = broker.client("boards")
    board.say("led/status", "capteur01;1;1")
    over.until_heard("led/status", "capteur01;1;1")
    assert over.heard == [("led/status", "capteur01;1;1")]
    over.close()
    board.close()


def heard_by(
    broker: Deployed,
    listener: str | None,
    *said: tuple[str | None, str, str],
    last: str = "led/command",
) -> list[tuple[str, str]]:
    """Return the messages that a login receives when it subscribes to everything.

    The broker delivers messages in order. All are delivered when a last one arrives,
    which the server's login publishes on ``last``, a topic that the login may read.
    """
    ear = broker.client(listener)
    ear.listen("#")
    for user in {user for user, _, _ in said}:
        mouth = broker.client(user)
        assert mouth.connected
        for speaker, topic, payload in said:
            if speaker == user:
                mouth.say(topic, payload)
        mouth.close()
    # Each was acknowledged, so the broker has received it before this one.
    server = broker.client("homeassistant")
    server.say(last, LAST_WORD)
    server.close()
    ear.until_heard(last, LAST_WORD)
    ear.close()
    *heard, end = ear.heard
    assert end == (last, LAST_WORD)
    return heard


def test_boards_on_shared_topics(broker: Deployed) -> None:
    """Boards may publish what boards publish; they may not publish the server's messages or read other boards' messages."""
    said = [
        "state/join",
        "state/leave",
        "state/info",
        "led/status",
        "button/status",
        "photoresistor/status",
    ]
    assigned = ["state/nameAssign", "led/command"]
    heard = heard_by(
        broker,
        "homeassistant",
        *(
            ("boards", topic, "p")
            for topic in (*said, *assigned, "homeassistant/x", "led")
        ),
    )
    assert sorted(heard) == sorted((topic, "p") for topic in said)
    heard = heard_by(
        broker,
        "boards",
        *(("homeassistant", topic, "p") for topic in (*assigned, *said, "other")),
    )
    assert sorted(heard) == sorted((topic, "p") for topic in assigned)


@pytest.mark.parametrize("without_login", [True])
def test_boards_without_a_login(broker: Deployed) -> None:
    """With the change that the README describes, boards without a login may do what the shared login may, and no more."""
    words: list[tuple[str | None, str, str]] = [
        (None, topic, "p") for topic in ("state/join", "led/command", "other/topic")
    ]
    assert heard_by(broker, "homeassistant", *words) == [("state/join", "p")]
    own = (None, f"led/status/{MAC_A}", "as a board of its own topics")
    assert heard_by(broker, "homeassistant", own) == []
    words = [("homeassistant", topic, "p") for topic in ("state/nameAssign", "other")]
    assert heard_by(broker, None, *words) == [("state/nameAssign", "p")]
    words = [("boards", topic, "p") for topic in ("button/status", "led/command")]
    assert heard_by(broker, "homeassistant", *words) == [("button/status", "p")]
    assert not broker.client("boards", password="wrong").connected


def test_login_of_one_board(broker: Deployed) -> None:
    """With its own login, a board can neither publish as another board nor read that board's messages."""
    own, other = f"board-{MAC_A.replace(':', '')}", f"board-{MAC_B.replace(':', '')}"
    assert {own, other} <= set(broker.logins)
    heard = heard_by(
        broker,
        "homeassistant",
        (own, f"state/join/{MAC_A}", "itself"),
        (own, f"led/status/{MAC_A}", "itself"),
        (own, f"state/join/{MAC_B}", "as another"),
        (own, f"led/status/{MAC_B}", "as another"),
        (own, f"state/leave/{MAC_B}", "as another"),
        (own, "state/join", "as anybody"),
        (own, f"state/nameAssign/{MAC_A}", "as the server"),
    )
    assert heard == [
        (f"state/join/{MAC_A}", "itself"),
        (f"led/status/{MAC_A}", "itself"),
    ]
    heard = heard_by(
        broker,
        own,
        ("homeassistant", f"state/nameAssign/{MAC_A}", "to itself"),
        ("homeassistant", f"led/command/{MAC_A}", "to itself"),
        ("homeassistant", f"state/nameAssign/{MAC_B}", "to another"),
        ("homeassistant", f"led/command/{MAC_B}", "to another"),
        ("homeassistant", "led/command", "to all"),
        last=f"led/command/{MAC_A}",
    )
    assert heard == [
        (f"state/nameAssign/{MAC_A}", "to itself"),
        (f"led/command/{MAC_A}", "to itself"),
    ]


def test_shared_login_cannot_act_for_directed_boards(broker: Deployed) -> None:
    """What the shared login may publish about a board with directed topics changes nothing."""
    own = f"board-{MAC_A.replace(':', '')}"
    ear = broker.client("homeassistant")
    ear.listen("state/#")
    server = SessionServer(MOST_BOARDS)
    board, shared = broker.client(own), broker.client("boards")
    for mouth, topic in ((board, f"state/join/{MAC_A}"), (shared, "state/join")):
        mouth.say(topic, MAC_A)
    ear.until_heard("state/join", MAC_A)
    now = Instant(1743946777.0, 100.0)
    topics = [topic for topic, _ in ear.heard]
    assert topics == [f"state/join/{MAC_A}", "state/join"]
    session = server.join(Join(MAC_A), MAC_A, now).session
    credentials = Credentials(session.name, session.id)
    server.start(credentials, MAC_A, now)
    # Long after the first join, so that it would be a new session.
    later = Instant(now.utc + 100, now.monotonic + 100)
    with pytest.raises(Discarded, match="shared_topic"):
        server.join(Join(MAC_A), None, later)
    shared.say("state/leave", ";".join(credentials))
    ear.until_heard("state/leave", ";".join(credentials))
    with pytest.raises(Discarded, match="shared_topic"):
        server.leave(credentials, None, later)
    assert server.registry.boards[MAC_A].session is session
    assert server.registry.boards[MAC_A].online
    for client in ear, board, shared:
        client.close()


def test_add_board_refuses_an_invalid_mac(tmp_path: Path) -> None:
    """An invalid MAC causes a clear error, and nothing is written."""
    (tmp_path / "acl").touch()
    for wrong in "capteur01", "61:EC:ED:3B:25", "61:EC:ED:3B:25:B1/#", "../x":
        done = subprocess.run(
            [DEPLOY / "add-board", wrong, tmp_path],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert "is no MAC" in done.stderr
    assert (tmp_path / "acl").read_text() == ""
