"""The contestants: how each adds boards, and how its boards report."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
import json
from typing import ClassVar, override

from demo.broker import Broker
from simulator.boards import Broker as Address, allow_connections
from simulator.mqtt.client import Connection

from .boards import NETWORK, QUIET, fleet_of, prefix
from .headless import Entry
from .speaker import Speaker, Voice

type Entities = Sequence[tuple[str, str, bool]]
"""Platform and key of each entity of a board, and whether it is enabled."""

_THREE: Entities = (
    ("switch", "led", True),
    ("binary_sensor", "button", True),
    ("sensor", "light", True),
)
_NINE: Entities = (
    *_THREE,
    ("event", "button", True),
    ("binary_sensor", "connectivity", True),
    ("sensor", "joined_at", True),
    ("sensor", "last_seen", True),
    ("sensor", "network_name", False),
    ("sensor", "session_start", False),
)


@dataclass
class Land:
    """Context of running boards."""

    broker: Broker
    speaker: Speaker
    stack: AsyncExitStack
    """Stops boards at the end of the measurement."""


class Contestant(ABC):
    """One way to have boards in Home Assistant."""

    title: str
    entities: int
    """Enabled entities of a board."""
    burst: ClassVar[int] = 100
    """Messages between two checks of Home Assistant's progress."""

    def entries(self, boards: int, known: int = 0) -> list[Entry]:
        """Return the config entries for ``boards`` boards, of which ``known`` existed before."""
        return []

    def configuration(self, boards: int) -> str:
        """Return the configuration.yaml for ``boards`` boards."""
        return ""

    @abstractmethod
    async def join(self, land: Land, first: int, boards: int) -> Sequence[Voice]:
        """Add boards, beginning with number ``first``; return how they report."""


class Ours(Contestant):
    """The integration of this repository."""

    entities = sum(enabled for *_, enabled in _NINE)

    def __init__(self, *, directed: bool) -> None:
        """Initialize; boards use directed or shared topics."""
        self.title = f"ours, on {'directed' if directed else 'shared'} topics"
        self._directed = directed

    @override
    def entries(self, boards: int, known: int = 0) -> list[Entry]:
        """Return a config entry for each network."""
        return [
            Entry("esp32_sensors", {"prefix": prefix(number)})
            for number in range(0, boards, NETWORK)
        ]

    @override
    async def join(self, land: Land, first: int, boards: int) -> Sequence[Voice]:
        """Let real boards join by the protocol, all at once."""
        fleet = fleet_of(land.broker, first, boards, directed=self._directed)
        await land.stack.enter_async_context(fleet)
        await fleet.until_started()
        return [
            Voice(
                f"{prefix(number)}photoresistor/status"
                + f"/{board.mac}" * self._directed,
                f"{board.session};",
            )
            for number, board in enumerate(fleet.boards, first)
        ]


class Discovery(Contestant):
    """Home Assistant's own MQTT discovery."""

    entities = len(_THREE)

    def __init__(self, *, bridged: bool = False) -> None:
        """Initialize; devices announce themselves, or one connection announces all, as a bridge does."""
        self.title = "MQTT discovery" + ", by one connection" * bridged
        self._bridged = bridged

    @override
    async def join(self, land: Land, first: int, boards: int) -> Sequence[Voice]:
        """Announce devices, each in one message, and report that they are online."""
        numbers = range(first, first + boards)
        if self._bridged:
            bridge = await _connect(land, "bridge")
            await asyncio.gather(
                *(
                    bridge.send(topic, payload.encode(), 1, retain=True)
                    for number in numbers
                    for topic, payload in _introduction(number)
                )
            )
        else:
            allow_connections(first + boards)
            await asyncio.gather(*(_introduce(land, number) for number in numbers))
        return [Voice(f"device/{number}/light") for number in numbers]


async def _connect(land: Land, name: str) -> Connection:
    """Return a connection that lasts for the measurement."""
    connection = await Connection.open(
        Address(land.broker.host, land.broker.port),
        name,
        lambda _: None,
        keepalive=QUIET.keepalive,
    )
    land.stack.callback(connection.disconnect)
    return connection


async def _introduce(land: Land, number: int) -> None:
    """Connect a device and publish its discovery messages one after the other."""
    device = await _connect(land, f"device/{number}")
    for topic, payload in _introduction(number):
        await device.send(topic, payload.encode(), 1, retain=True)


def _introduction(number: int) -> Sequence[tuple[str, str]]:
    """Return the topics and payloads of a device's discovery."""
    board = f"device/{number}"
    return (
        (f"homeassistant/{board}/config", _announcement(number)),
        (f"{board}/availability", "online"),
        (f"{board}/led", "OFF"),
        (f"{board}/button", "OFF"),
    )


def _announcement(number: int) -> str:
    board = f"device/{number}"
    led, button, light = (
        {
            "platform": platform,
            "name": key,
            "unique_id": f"{number}_{key}",
            "state_topic": f"{board}/{key}",
        }
        for platform, key, _ in _THREE
    )
    return json.dumps(
        {
            "device": {"identifiers": f"device{number}", "name": f"device{number}"},
            "origin": {"name": "benchmark"},
            "availability_topic": f"{board}/availability",
            "components": {
                "led": led | {"command_topic": f"{board}/led/set"},
                "button": button,
                "light": light
                | {"unit_of_measurement": "%", "state_class": "measurement"},
            },
        }
    )


class Floor(Contestant):
    """A minimal custom integration."""

    def __init__(self, title: str, entities: Entities) -> None:
        """Initialize with the entities of a board, of which only the light is written."""
        self.title = title
        self.entities = sum(enabled for *_, enabled in entities)
        self._entities = entities

    @override
    def entries(self, boards: int, known: int = 0) -> list[Entry]:
        """Return a config entry for each network."""
        return [
            Entry(
                "floor",
                {
                    "prefix": prefix(number),
                    "boards": [
                        f"floor{board}"
                        for board in range(number, min(number + NETWORK, known))
                    ],
                    "entities": self._entities,
                },
            )
            for number in range(0, boards, NETWORK)
        ]

    @override
    async def join(self, land: Land, first: int, boards: int) -> Sequence[Voice]:
        """Return the boards' names."""
        numbers = range(first, first + boards)
        for number in numbers:
            land.speaker.say(f"{prefix(number)}state/join", f"floor{number}")
        return [
            Voice(f"{prefix(number)}photoresistor/status", f"floor{number};1;")
            for number in numbers
        ]


class Templates(Contestant):
    """An MQTT sensor with a template for each board, all on the shared topic."""

    title = "shared topic with templates"
    entities = 1
    burst = 5

    @override
    def configuration(self, boards: int) -> str:
        """Return the sensors."""
        sensors = [
            {
                "name": f"board{number}",
                "unique_id": f"board{number}",
                "state_topic": "photoresistor/status",
                "unit_of_measurement": "%",
                "state_class": "measurement",
                "value_template": "{% set said = value.split(';') %}"
                f"{{% if said[0] == 'board{number}' %}}{{{{ said[2] }}}}{{% endif %}}",
            }
            for number in range(boards)
        ]
        return f"mqtt: {json.dumps({'sensor': sensors})}\n"

    @override
    async def join(self, land: Land, first: int, boards: int) -> Sequence[Voice]:
        """Do nothing: the sensors are in the configuration."""
        return [
            Voice("photoresistor/status", f"board{number};1;")
            for number in range(first, first + boards)
        ]


OURS_SHARED = Ours(directed=False)
OURS_DIRECTED = Ours(directed=True)
OURS = (OURS_SHARED, OURS_DIRECTED)
DISCOVERY = Discovery()
DISCOVERY_BRIDGED = Discovery(bridged=True)
FLOOR = Floor("floor", _THREE)
EMPTY = Floor("nothing but our entities", _NINE)
TEMPLATES = Templates()
