"""The node, step by step, against the format written down by hand."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import pytest

from simulator.node import BatteryNode, Layout, Mode, Numbering, Uplink
from simulator.node.codec import decode_downlink, encode_uplink

from .conftest import until


@dataclass
class Scene:
    """Temperatures that tell which pixel they are: row + column / 10."""

    offset: float = 0.0
    warmth: int = 21

    def frame(self, t: float) -> np.ndarray:
        """Return 32 x 24 of them."""
        rows, columns = np.mgrid[0:32, 0:24]
        return rows + columns / 10 + self.offset

    def ambient(self, t: float) -> int:
        """Return room temperature."""
        return self.warmth


@dataclass
class Answer:
    """A downlink."""

    payload: bytes
    f_port: int = 1
    confirmed: bool = False


@dataclass
class Wire:
    """A radio that loses nothing and brings what it is given."""

    answers: list[Answer | None] = field(default_factory=list)
    joins: int = 0
    acknowledged: list[bool] = field(default_factory=list)

    async def join(self) -> None:
        """Count."""
        self.joins += 1

    async def uplink(
        self, f_port: int, f_cnt: int, payload: bytes, *, acknowledge: bool = False
    ) -> Answer | None:
        """Answer with the next there is."""
        self.acknowledged.append(acknowledge)
        return self.answers.pop(0) if self.answers else None


def values(payload: bytes) -> list[int]:
    """Decode the pairs of a message the slow way, bit by bit."""
    found = []
    for at in range(0, len(payload) - 1, 3):
        low, high, last = payload[at : at + 3]
        found += [(high >> 4) * 256 + low, (high & 15) * 256 + last]
    return [value - 4096 if value >= 0xC00 else value for value in found]


def node(**options: object) -> BatteryNode:
    """Return a node whose reset byte has been sent."""
    node = BatteryNode(Scene(), Wire(), **options)
    assert node.next_uplink().payload == b"\x00"
    return node


def image(node: BatteryNode) -> list[Uplink]:
    """Let a node send its next image."""
    uplinks = [node.next_uplink()]
    while not node.images[-1].complete:
        uplinks.append(node.next_uplink())
    return uplinks


SLOW = bytes((0xC0, 50))


def test_encodes_pairs_and_status() -> None:
    """Low byte, two high nibbles, low byte; then the fan's bit and the ambient."""
    payload = encode_uplink([0x123, 0x456], fan=True, ambient=21)
    assert payload == bytes((0x23, 0x14, 0x56, 0x80 | 21))


@pytest.mark.parametrize(
    ("tenths", "encoded"),
    [(-400, 0xE70), (-1, 0xFFF), (0, 0), (3000, 0xBB8), (3071, 0xBFF), (-1024, 0xC00)],
)
def test_sign_rule(tenths: int, encoded: int) -> None:
    """Both top bits set: negative."""
    payload = encode_uplink([tenths, 0], fan=False, ambient=0)
    assert payload[0] | (payload[1] >> 4) << 8 == encoded


@pytest.mark.parametrize(
    ("numbers", "ambient"), [([1], 20), ([3072, 0], 20), ([-1025, 0], 20), ([], 51)]
)
def test_refuses_what_the_format_cannot_hold(numbers: list[int], ambient: int) -> None:
    """Rather than send something else."""
    with pytest.raises(ValueError):
        encode_uplink(numbers, fan=False, ambient=ambient)


@pytest.mark.parametrize(
    ("payload", "settings"),
    [
        (bytes.fromhex("D032"), (50, Mode.FAST, False)),
        (bytes.fromhex("EFF6"), (-10, Mode.SLOW, True)),
        (bytes.fromhex("C12C"), (300, Mode.SLOW, False)),
    ],
)
def test_reads_downlinks(payload: bytes, settings: tuple[int, Mode, bool]) -> None:
    """The examples of the format's description."""
    read = decode_downlink(payload)
    assert read is not None
    assert (read.threshold, read.mode, read.fan) == settings


@pytest.mark.parametrize("payload", [b"", b"\xd0", b"\xd0\x32\x00", b"\x10\x32"])
def test_ignores_other_downlinks(payload: bytes) -> None:
    """Wrong length, or not marked 11."""
    assert decode_downlink(payload) is None


def test_fast_image_is_block_maxima_by_column() -> None:
    """Two messages of three block columns, each top to bottom."""
    first, last = image(node())
    assert [len(uplink.payload) for uplink in (first, last)] == [37, 40]
    # The maximum of a 4 x 4 block is its bottom right pixel here.
    expected = [
        (4 * row + 3) * 10 + 4 * column + 3 for column in range(6) for row in range(8)
    ]
    assert values(first.payload) == expected[:24]
    assert values(last.payload) == [*expected[24:], min(expected), max(expected)]


def test_slow_image_by_column() -> None:
    """Published nodes: 24 messages, line = column."""
    sender = node()
    sender.receive(1, SLOW)
    uplinks = image(sender)
    assert [len(uplink.payload) for uplink in uplinks] == [49] * 23 + [52]
    for column, uplink in enumerate(uplinks):
        expected = [row * 10 + column for row in range(32)]
        assert values(uplink.payload)[:32] == expected
    assert values(uplinks[-1].payload)[32:] == [0, 333]


def test_slow_image_by_row() -> None:
    """The owner's document: 32 messages, line = row."""
    sender = node(layout=Layout.SLOW_32)
    sender.receive(1, SLOW)
    uplinks = image(sender)
    assert [len(uplink.payload) for uplink in uplinks] == [37] * 31 + [40]
    for row, uplink in enumerate(uplinks):
        assert values(uplink.payload)[:24] == [row * 10 + c for c in range(24)]


def test_truth_is_what_was_sent() -> None:
    """Images remember matrix, mode and extremes."""
    sender = node()
    image(sender)
    sender.receive(1, SLOW)
    image(sender)
    fast, slow = sender.images
    assert fast.matrix.shape == (8, 6) and fast.mode is Mode.FAST
    assert slow.matrix.shape == (32, 24) and slow.mode is Mode.SLOW
    assert (slow.minimum, slow.maximum) == (0, 333)
    assert slow.matrix[31, 23] == 333 and slow.matrix[31, 0] == 310


@pytest.mark.parametrize(
    ("numbering", "ports", "counters"),
    [
        (Numbering.COUNTER, [1, 1, 1, 1], [0, 1, 0, 1]),
        (Numbering.PORT, [1, 2, 1, 2], [1, 2, 3, 4]),
        (Numbering.RUNNING, [1, 1, 1, 1], [1, 2, 3, 4]),
    ],
)
def test_numbering(numbering: Numbering, ports: list[int], counters: list[int]) -> None:
    """Three ways to say which line it is; the reset byte used counter 0."""
    sender = node(numbering=numbering)
    uplinks = [*image(sender), *image(sender)]
    assert [uplink.f_port for uplink in uplinks] == ports
    assert [uplink.f_cnt for uplink in uplinks] == counters


def test_mode_switch_starts_a_new_image_at_line_0() -> None:
    """At once, in the middle of one."""
    sender = node()
    sender.receive(1, SLOW)
    for _ in range(5):
        sender.next_uplink()
    sender.receive(1, bytes((0xD0, 50)))
    assert sender.next_uplink().line == 0
    broken_off, fast = sender.images
    assert (broken_off.sent, broken_off.complete) == (5, False)
    assert fast.mode is Mode.FAST


def test_equal_downlink_is_ignored() -> None:
    """The fan stays as the second one asked, when the first comes again after it."""
    sender = node()
    sender.receive(1, bytes((0xF0, 50)))
    assert sender.fan_running
    sender.fan_asked = sender.fan_running = False
    sender.receive(1, bytes((0xF0, 50)))
    assert not sender.fan_asked
    sender.receive(1, bytes((0xF0, 51)))
    assert sender.fan_asked


def test_other_ports_and_rubbish_are_ignored() -> None:
    """And do not count as the downlink before."""
    sender = node()
    sender.receive(2, SLOW)
    sender.receive(1, b"\x00\x00")
    assert sender.mode is Mode.FAST
    sender.receive(1, SLOW)
    assert sender.mode is Mode.SLOW


def test_fan_runs_over_the_threshold_by_itself() -> None:
    """On while the image is hotter, off again when not, unless asked for."""
    scene = Scene(offset=40)
    sender = BatteryNode(scene, Wire())
    sender.next_uplink()
    assert sender.next_uplink().payload[-1] == 0x80 | 21
    assert sender.fan_running and not sender.fan_asked
    sender.next_uplink()
    scene.offset = 0
    image(sender)
    assert not sender.fan_running
    sender.receive(1, bytes((0xF0, 50)))
    assert sender.fan_running
    scene.offset = 40
    image(sender)
    scene.offset = 0
    image(sender)
    assert sender.fan_running


async def test_steps_over_the_radio() -> None:
    """One join, and a downlink acts from the next message on."""
    wire = Wire(answers=[None, Answer(bytes((0xE0, 60)))])
    sender = BatteryNode(Scene(), wire, interval=10)
    await sender.step()
    await sender.step()
    assert wire.joins == 1
    assert (sender.threshold, sender.mode, sender.fan_running) == (60, Mode.SLOW, True)
    whole = await sender.send_image()
    assert whole.complete and whole.mode is Mode.SLOW
    assert sender.time == 10 * (2 + 24)


async def test_runs_by_itself() -> None:
    """In its own time, a thousand times ours."""
    sender = BatteryNode(Scene(), Wire(), interval=10, speed=1000)
    life = asyncio.create_task(sender.run())
    await until(lambda: sender.images and sender.images[0].complete)
    life.cancel()
    with suppress(asyncio.CancelledError):
        await life


@pytest.mark.parametrize("acknowledges", [False, True])
async def test_acknowledges_if_it_is_that_kind_of_node(acknowledges: bool) -> None:
    """In the next uplink, once."""
    wire = Wire(answers=[Answer(b"\xd0\x32", confirmed=True)])
    sender = BatteryNode(Scene(), wire, acknowledges=acknowledges)
    for _ in range(3):
        await sender.step()
    assert wire.acknowledged == [False, acknowledges, False]


async def test_restart_forgets_settings_and_joins_anew() -> None:
    """Its battery does not."""
    wire = Wire(answers=[Answer(SLOW)])
    sender = BatteryNode(Scene(), wire)
    await sender.step()
    await sender.step()
    time = sender.time
    sender.restart()
    assert (sender.mode, sender.threshold, sender.time) == (Mode.FAST, 50, time)
    assert (await sender.step()).payload == b"\x00"
    assert wire.joins == 2
    # What came before the restart is forgotten too: it is news again.
    sender.receive(1, SLOW)
    assert sender.mode is Mode.SLOW


def test_ambient_is_what_a_dht11_can_say() -> None:
    """Held at its ends."""
    scene = Scene(warmth=-5)
    sender = BatteryNode(scene, Wire())
    sender.next_uplink()
    assert sender.next_uplink().payload[-1] == 0
    scene.warmth = 60
    assert sender.next_uplink().payload[-1] == 50
