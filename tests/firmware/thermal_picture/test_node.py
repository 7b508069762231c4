"""Tests of the example node on this machine: its rules, the modem's commands, and a network server."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
import sys
from types import ModuleType
from typing import Any, override

import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.compact import decode_message
from custom_components.battery_thermal.protocol.downlink import (
    Settings,
    encode_downlink,
)
from simulator.data_rate import TooLongError, longest_payload
from simulator.the_things_stack import QueuedDownlink, TheThingsStack
from simulator.thermal_model import ThermalModel

from .c_encoder import SOURCES


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Return the program, imported as on the Raspberry Pi."""
    monkeypatch.syspath_prepend(str(SOURCES))
    names = ("node", "raspberry_pi", "thermal_picture")
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    import node as program

    yield program
    for name in names:
        sys.modules.pop(name, None)


class Camera:
    """A camera that sees a simulated battery, one second later each time."""

    def __init__(self) -> None:
        """Look at a bank of cells."""
        self.model = ThermalModel(1)
        self.time = 0.0

    def frame(self) -> list[float]:
        """Return 768 temperatures."""
        self.time += 1
        return self.model.frame(self.time).ravel().tolist()


class Modem:
    """Takes messages up to a length, and brings back what it is given."""

    def __init__(self, capacity: int = 222, room: int = 0) -> None:
        """``room``: bytes that MAC answers take of the first message."""
        self.limit = capacity
        self.room = room
        self.sent: list[bytes] = []
        self.downlinks: list[tuple[int, bytes]] = []
        self.too_long: type[Exception] = ValueError

    def capacity(self) -> int:
        """Return what the data rate allows."""
        return self.limit

    def send(self, port: int, payload: bytes) -> list[tuple[int, bytes]]:
        """Take a message."""
        assert port == 9
        if len(payload) > self.limit - self.room:
            raise self.too_long
        self.room = 0
        self.sent.append(payload)
        downlinks, self.downlinks = self.downlinks, []
        return downlinks


class Bench:
    """A node with what it is wired to."""

    def __init__(self, program: ModuleType, folder: Path, modem: Any) -> None:
        """Wire it."""
        self.camera = Camera()
        self.modem = modem
        self.fan: list[bool] = []
        self.slept: list[float] = []
        self.node = program.Node(
            self.camera,
            lambda: 21,
            self.fan.append,
            modem,
            settings_file=folder / "settings.json",
            sleep=self.slept.append,
        )


@pytest.fixture
def bench(node: ModuleType, tmp_path: Path) -> Callable[..., Bench]:
    """Return a function that wires a node."""

    def wire(*arguments: int, **options: int) -> Bench:
        modem = Modem(*arguments, **options)
        modem.too_long = node.TooLongError
        return Bench(node, tmp_path, modem)

    return wire


def downlink(threshold: int, mode: Mode = Mode.SLOW, fan: bool = False) -> bytes:
    """Return the bytes of settings."""
    return encode_downlink(Settings(threshold, mode, fan))


def test_picture_is_one_message(bench: Callable[..., Bench]) -> None:
    """With the mean of some frames, that is less noise than one frame has."""
    at = bench()
    at.node.send_picture()
    [payload] = at.modem.sent
    message = decode_message(payload)
    assert message.values is not None and message.header.quarter is None
    assert message.header.ambient == 21
    assert not message.header.fan and at.fan == [False]


def test_settings_are_kept(bench: Callable[..., Bench]) -> None:
    """They come with a downlink, and survive a restart; what is none changes nothing."""
    at = bench()
    at.modem.downlinks = [(2, downlink(10)), (1, b"\0\0"), (1, downlink(15))]
    at.node.send_picture()
    assert at.node.settings.threshold == 15 and not at.node.settings.fast
    assert at.fan[-1] is True
    assert bench().node.settings == at.node.settings


def test_negative_threshold(node: ModuleType) -> None:
    """The sign rule of the values."""
    assert node.decode_downlink(downlink(-10, fan=True)) == node.Settings(
        -10, False, True
    )


def test_damaged_settings(bench: Callable[..., Bench], tmp_path: Path) -> None:
    """Those of a new node."""
    (tmp_path / "settings.json").write_text("{nonsense")
    settings = bench().node.settings
    assert (settings.threshold, settings.fast, settings.fan) == (50, True, False)


def test_quarters_where_messages_are_short(bench: Callable[..., Bench]) -> None:
    """In slow mode a rich picture takes four messages, of one moment."""
    at = bench(51)
    at.camera.model.noise = 8.0
    at.modem.downlinks = [(1, downlink(90))]
    at.node.send_picture()
    at.modem.sent.clear()
    at.node.send_picture()
    headers = [decode_message(payload).header for payload in at.modem.sent]
    assert [header.quarter for header in headers] == [0, 3, 1, 2]
    assert len({header.facts for header in headers}) == 1
    assert at.slept == [15, 15, 15]


def test_fast_mode_is_one_message(bench: Callable[..., Bench]) -> None:
    """However coarse, or else the facts."""
    at = bench(51)
    at.camera.model.noise = 8.0
    at.node.send_picture()
    assert len(at.modem.sent) == 1
    short = bench(10)
    short.camera.model.noise = 90.0
    short.node.send_picture()
    assert [len(payload) for payload in short.modem.sent] == [8]


def test_no_room_for_anything(bench: Callable[..., Bench]) -> None:
    """Nothing is sent, and nothing fails."""
    at = bench(7)
    at.node.send_picture()
    assert not at.modem.sent


@pytest.mark.parametrize("capacity", [222, 51])
def test_answers_to_mac_commands(bench: Callable[..., Bench], capacity: int) -> None:
    """A message that is refused is sent again in fewer bytes."""
    at = bench(capacity, room=15)
    at.camera.model.noise = 0.3
    at.node.send_picture()
    [payload] = at.modem.sent
    assert len(payload) <= capacity - 15
    assert decode_message(payload).values is not None


def test_answers_that_leave_no_room(bench: Callable[..., Bench]) -> None:
    """The facts, or nothing."""
    at = bench(24, room=15)
    at.camera.model.noise = 8.0
    at.node.send_picture()
    assert [len(payload) for payload in at.modem.sent] in ([], [8])


def test_hot_node_sends_facts(bench: Callable[..., Bench]) -> None:
    """Every five minutes between two pictures, while it is over its threshold."""
    at = bench()
    at.camera.model.heat((1, 1), 60)
    at.node.run_once()
    lengths = [len(payload) for payload in at.modem.sent]
    assert lengths[0] > 8 and lengths[1:] == [8, 8, 8]
    assert sum(at.slept) == 20 * 60
    assert decode_message(at.modem.sent[1]).header.fan
    at.camera.model.heat((1, 1), 0)
    at.modem.sent.clear()
    at.node.run_once()
    assert len(at.modem.sent) == 1


def test_clamped(bench: Callable[..., Bench]) -> None:
    """Above 307.1 °C nothing wraps."""
    at = bench()
    at.camera.model.heat((1, 1), 600)
    at.node.send_picture()
    assert decode_message(at.modem.sent[0]).header.maximum == 3071


async def test_against_the_stand_in(
    socket_enabled: None, node: ModuleType, tmp_path: Path
) -> None:
    """Messages reach a network server with a strict counter check, and settings come back."""
    async with TheThingsStack("batteries", "ttn") as stack:
        device = stack.add_device("compact", frame_counter_check=True)
        await device.join()
        loop = asyncio.get_running_loop()
        counter = iter(range(100))

        class Radio:
            """The stand-in's device as the node's modem."""

            def capacity(self) -> int:
                """Return what the data rate allows."""
                return longest_payload(device.spreading_factor)

            def send(self, port: int, payload: bytes) -> list[tuple[int, bytes]]:
                """Send in the loop's thread."""
                sending = device.uplink(port, next(counter), payload)
                try:
                    received = asyncio.run_coroutine_threadsafe(sending, loop).result(9)
                except TooLongError as error:
                    raise node.TooLongError from error
                return [(received.f_port, received.payload)] if received else []

        at = Bench(node, tmp_path, Radio())
        device.push([QueuedDownlink(f_port=1, payload=downlink(44))])
        for spreading_factor in (7, 9, 10):
            device.spreading_factor = spreading_factor
            await asyncio.to_thread(at.node.send_picture)
        assert at.node.settings.threshold == 44
        assert device.refused == 0


class Serial:
    """A serial port with a modem that answers as RUI3 does."""

    def __init__(self, **answers: list[str]) -> None:
        """Initialize with the answers to commands, by the command's name."""
        self.answers = answers
        self.written: list[str] = []
        self.lines: list[str] = []

    def write(self, data: bytes) -> None:
        """Receive a command, and queue its answer."""
        command = data.decode().strip()
        self.written.append(command)
        self.lines += self.answers.get(command[3:].partition("=")[0], ["AT_ERROR"])

    def readline(self) -> bytes:
        """Return the next line, empty if there is none within the time-out."""
        return f"{self.lines.pop(0)}\r\n".encode() if self.lines else b""


def modem(node: ModuleType, serial: Serial) -> Any:
    """Return the modem at a serial port. Its clock advances by a second at each reading."""
    import raspberry_pi

    seconds = iter(range(10_000))
    return raspberry_pi.Modem(serial, clock=lambda: next(seconds))


def test_modem_sends(node: ModuleType) -> None:
    """FPort and payload are sent, and a downlink is returned."""
    serial = Serial(
        SEND=["OK", "+EVT:TX_DONE", "+EVT:RX_1:-28:8:UNICAST:1:D037", "+EVT:OTHER"]
    )
    assert modem(node, serial).send(9, b"\x10\x00") == [(1, b"\xd0\x37")]
    assert serial.written == ["AT+SEND=9:1000"]


def test_modem_refuses(node: ModuleType) -> None:
    """A message that is too long raises TooLongError."""
    with pytest.raises(node.TooLongError):
        modem(node, Serial(SEND=["AT_PARAM_ERROR"])).send(9, bytes(60))


@pytest.mark.parametrize(
    ("data_rate", "capacity"), [("0", 51), ("3", 115), ("5", 222), ("6", 222)]
)
def test_modem_capacity(node: ModuleType, data_rate: str, capacity: int) -> None:
    """The capacity follows from the data rate; it is 51 if that is not known."""
    at = modem(node, Serial(DR=[f"AT+DR={data_rate}", "OK"]))
    assert at.capacity() == capacity
    assert modem(node, Serial()).capacity() == 51


def test_modem_joins(node: ModuleType) -> None:
    """The modem tries again until it has joined."""

    class Joining(Serial):
        """A port whose modem joins at the second attempt."""

        @override
        def write(self, data: bytes) -> None:
            super().write(data)
            self.answers["JOIN"] = ["OK", "+EVT:JOINED"]

    serial = Joining(JOIN=["OK", "+EVT:JOIN_FAILED_RX_TIMEOUT"])
    modem(node, serial).join()
    assert len(serial.written) == 2
