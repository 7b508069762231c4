"""Tests of the simulated node against the written format."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from simulator.node import BatteryNode, Layout, Mode, Numbering, Uplink
from simulator.node.codec import picture
from tests.simulator.conftest import until

from .test_codec import values


@dataclass
class Scene:
    """Temperatures that identify their pixel: row + column / 10."""

    offset: float = 0.0
    warmth: int = 21

    def frame(self, t: float) -> np.ndarray:
        """Return 32 x 24 of them."""
        rows, columns = np.mgrid[0:32, 0:24]
        frame: np.ndarray = rows + columns / 10 + self.offset
        return frame

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
    """A radio without losses, with prepared downlinks."""

    answers: list[Answer | None] = field(default_factory=list)
    joins: int = 0
    acknowledged: list[bool] = field(default_factory=list)

    async def join(self) -> None:
        """Count the joins."""
        self.joins += 1

    async def uplink(
        self, f_port: int, f_cnt: int, payload: bytes, *, acknowledge: bool = False
    ) -> Answer | None:
        """Return the next prepared downlink."""
        self.acknowledged.append(acknowledge)
        return self.answers.pop(0) if self.answers else None


def node(**options: Any) -> BatteryNode:
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


def test_fast_image_is_block_maxima_by_column() -> None:
    """A fast image is two messages of three block columns, each from top to bottom."""
    first, last = image(node())
    assert [len(uplink.payload) for uplink in (first, last)] == [37, 40]
    # Here the maximum of a 4 x 4 block is its bottom right pixel. The minimum is that of
    # all 768 pixels.
    expected = [
        (4 * row + 3) * 10 + 4 * column + 3 for column in range(6) for row in range(8)
    ]
    assert values(first.payload) == expected[:24]
    assert values(last.payload) == [*expected[24:], 0, max(expected)]


def test_slow_image_by_column() -> None:
    """Column layout: 24 messages, one for each column (published nodes)."""
    sender = node()
    sender.receive(1, SLOW)
    uplinks = image(sender)
    assert [len(uplink.payload) for uplink in uplinks] == [49] * 23 + [52]
    for column, uplink in enumerate(uplinks):
        expected = [row * 10 + column for row in range(32)]
        assert values(uplink.payload)[:32] == expected
    assert values(uplinks[-1].payload)[32:] == [0, 333]


def test_slow_image_by_row() -> None:
    """Row layout: 32 messages, one for each row (the owner's document)."""
    sender = node(layout=Layout.SLOW_32)
    sender.receive(1, SLOW)
    uplinks = image(sender)
    assert [len(uplink.payload) for uplink in uplinks] == [37] * 31 + [40]
    for row, uplink in enumerate(uplinks):
        assert values(uplink.payload)[:24] == [row * 10 + c for c in range(24)]


def test_truth_is_what_was_sent() -> None:
    """An image keeps its matrix, mode and extremes."""
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
    """A line number is in the counter, in the port, or nowhere; the reset byte uses counter 0."""
    sender = node(numbering=numbering)
    uplinks = [*image(sender), *image(sender)]
    assert [uplink.f_port for uplink in uplinks] == ports
    assert [uplink.f_cnt for uplink in uplinks] == counters


def test_mode_switch_starts_a_new_image_at_line_0() -> None:
    """A change of mode starts a new image at once."""
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
    """A repeated equal downlink is ignored."""
    sender = node()
    sender.receive(1, bytes((0xF0, 50)))
    assert sender.fan_running
    sender.fan_asked = sender.fan_running = False
    sender.receive(1, bytes((0xF0, 50)))
    assert not sender.fan_asked
    sender.receive(1, bytes((0xF0, 51)))
    assert sender.fan_asked


def test_other_ports_and_rubbish_are_ignored() -> None:
    """Ignored downlinks do not count as the previous one."""
    sender = node()
    sender.receive(2, SLOW)
    sender.receive(1, b"\x00\x00")
    assert sender.mode is Mode.FAST
    sender.receive(1, SLOW)
    assert sender.mode is Mode.SLOW


def test_fan_runs_over_the_threshold_by_itself() -> None:
    """The fan runs while the image is over the threshold, or as long as requested."""
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
    """The node joins once, and applies a downlink from the next message on."""
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
    """The node runs by itself, a thousand times faster than real time."""
    sender = BatteryNode(Scene(), Wire(), interval=10, speed=1000)
    life = asyncio.create_task(sender.run())
    await until(lambda: sender.images and sender.images[0].complete)
    life.cancel()
    with suppress(asyncio.CancelledError):
        await life


@pytest.mark.parametrize("acknowledges", [False, True])
async def test_acknowledges_if_it_is_that_kind_of_node(acknowledges: bool) -> None:
    """A confirmed downlink is acknowledged once, in the next uplink."""
    wire = Wire(answers=[Answer(b"\xd0\x32", confirmed=True)])
    sender = BatteryNode(Scene(), wire, acknowledges=acknowledges)
    for _ in range(3):
        await sender.step()
    assert wire.acknowledged == [False, acknowledges, False]


@pytest.mark.parametrize("keeps_settings", [True, False])
async def test_restart_joins_anew(keeps_settings: bool) -> None:
    """Published nodes keep their settings across a restart; others may reset them."""
    wire = Wire(answers=[Answer(SLOW)])
    sender = BatteryNode(Scene(), wire)
    await sender.step()
    await sender.step()
    time = sender.time
    sender.restart(keeps_settings=keeps_settings)
    assert (sender.threshold, sender.time) == (50, time)
    assert sender.mode is (Mode.SLOW if keeps_settings else Mode.FAST)
    assert (await sender.step()).payload == b"\x00"
    assert wire.joins == 2
    # After a restart an equal downlink is new.
    sender.mode = Mode.FAST
    sender.receive(1, SLOW)
    assert sender.mode is Mode.SLOW


def test_ambient_is_what_a_dht11_can_say() -> None:
    """Ambient temperatures are limited to the range of a DHT11."""
    scene = Scene(warmth=-5)
    sender = BatteryNode(scene, Wire())
    sender.next_uplink()
    assert sender.next_uplink().payload[-1] & 0x7F == 0
    scene.warmth = 60
    assert sender.next_uplink().payload[-1] & 0x7F == 50


def fans(node: BatteryNode) -> list[bool]:
    """Return the fan bits of the next image's messages."""
    return [bool(uplink.payload[-1] & 0x80) for uplink in image(node)]


@pytest.mark.parametrize(("mode", "messages"), [(Mode.FAST, 2), (Mode.SLOW, 24)])
def test_fan_bit_of_the_last_message_belongs_to_its_image(
    mode: Mode, messages: int
) -> None:
    """The fan bit of an image is in its last message; until the first image the fan runs."""
    scene = Scene()
    sender = BatteryNode(scene, Wire())
    sender.mode = mode
    sender.next_uplink()
    assert fans(sender) == [True] * (messages - 1) + [False]
    scene.offset = 40
    assert fans(sender) == [False] * (messages - 1) + [True]
    scene.offset = 0
    assert fans(sender) == [True] * (messages - 1) + [False]
    sender.restart()
    sender.next_uplink()
    assert fans(sender) == [True] * (messages - 1) + [False]


@pytest.mark.parametrize("mode", Mode)
def test_fan_is_decided_by_the_maximum_before_it_wraps(mode: Mode) -> None:
    """The fan is decided by the maximum before it is truncated and wrapped."""
    scene = Scene()
    sender = BatteryNode(scene, Wire())
    sender.mode = mode
    sender.next_uplink()
    scene.offset = 416.7
    assert fans(sender)[-1]
    assert sender.images[-1].maximum == 4500
    sender.threshold = 300
    scene.offset = 266.75
    assert fans(sender)[-1]
    assert sender.images[-1].maximum == 3000


def test_values_are_cut_off_towards_zero() -> None:
    """Values are truncated to tenths, not rounded."""
    sent = picture(np.array([[21.19, -0.09], [-1.19, 307.19]]), Mode.SLOW)
    assert sent.tolist() == [[211, 0], [-11, 3071]]
