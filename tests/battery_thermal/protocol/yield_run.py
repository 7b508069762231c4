"""How many images survive a lossy radio: the simulated node against the assembler.

Everything that the assembler shows is compared with what the node has measured. The
same messages also go through the rule that this replaces: an image counts only if
every line of it has arrived.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.protocol.assembly import Assembler
from custom_components.battery_thermal.protocol.assembly_result import AssemblyResult
from custom_components.battery_thermal.protocol.compact import CompactMessage
from custom_components.battery_thermal.protocol.downlink import (
    Settings,
    encode_downlink,
)
from custom_components.battery_thermal.protocol.formats import decode_uplink
from custom_components.battery_thermal.protocol.layout import Layout, Numbering
from custom_components.battery_thermal.protocol.node_message import NodeMessage
from simulator.node import BatteryNode, Image, Uplink
from tests.battery_thermal.published import published

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Course:
    """What happens to a node.

    `loss`: share of messages lost, in runs of `burst` on average; `switches`,
    `restarts`: how often the mode is changed and the node started again, per image;
    `duplicates`, `overtakings`: share of messages that come twice, or after the next.
    `flashes`: share of restarts that are with a firmware of the other layout.
    `layout` and `numbering` are how the node does it, `said_layout` and `said` what the
    owner has said of that. `server`: the network server, by its key in `NETWORKS`, whose messages
    carry the lines; without one they go to the assembler directly.
    """

    layout: Layout = Layout.SLOW_24
    said_layout: Layout = Layout.AUTO
    numbering: Numbering = Numbering.COUNTER
    said: Numbering = Numbering.AUTO
    mode: Mode = Mode.SLOW
    images: int = 200
    loss: float = 0.05
    burst: float = 1.0
    switches: float = 0.02
    restarts: float = 0.01
    flashes: float = 0.0
    duplicates: float = 0.01
    overtakings: float = 0.0
    interval: float = 30.0
    server: str | None = None
    seed: int = 1


@dataclass
class Yield:
    """What came of it, in images (lines, pixels where the name says so).

    `heard`: at least one line arrived; `knowable`: at least one whose position could
    be known by the rules for its numbering; `shown`: at least one was placed; `whole`:
    all lines arrived, so the rule "discard when one is missing" shows these only;
    `mixed`: at their end, at least one pixel was of another image.

    `lines_heard`: all that arrived, of images shown or not; `lines_shown`: those that
    an image has at its end, each with all its pixels.
    """

    sent: int = 0
    heard: int = 0
    knowable: int = 0
    shown: int = 0
    whole: int = 0
    missed: list[str] = field(default_factory=list)
    lines_wrong: int = 0
    mixed: int = 0
    pixels_wrong: int = 0
    suspect: int = 0
    lines_heard: int = 0
    lines_shown: int = 0


class Noise:
    """A model whose frames have nothing in common, so that nothing passes for another."""

    def __init__(self, seed: int) -> None:
        """Start a series of frames."""
        self._random = np.random.default_rng(seed)

    def frame(self, _t: float) -> np.ndarray:
        """Return a frame of random temperatures."""
        return self._random.integers(-400, 3000, (32, 24)) / 10

    def ambient(self, _t: float) -> int:
        """Return a temperature."""
        return 21


class _NoRadio:
    """A radio that sends nothing: the run passes the messages on."""

    async def join(self) -> None:
        """Not used."""

    async def uplink(self, *_args: object, **_kwargs: object) -> None:
        """Not used."""


@dataclass
class _Truth:
    """What is known of one image of the node."""

    image: Image
    heard: set[int] = field(default_factory=set)
    knowable: bool = False
    placed: set[int] = field(default_factory=set)
    shown: set[int] | None = None
    """What was there at the end; None: it has not been shown, or not ended."""


class _Run:
    def __init__(self, course: Course) -> None:
        self.course = course
        self.random = Random(course.seed)
        self.node = BatteryNode(
            Noise(course.seed),
            _NoRadio(),
            layout=course.layout,
            numbering=course.numbering,
            interval=course.interval,
            history=1,
        )
        self.node.mode = type(self.node.mode)(course.mode)
        self.assembler = Assembler(course.said_layout, course.said)
        self.result = Yield()
        self.truths: dict[int, _Truth] = {}
        self.origins: dict[datetime, tuple[_Truth, int]] = {}
        self.shown: list[_Truth] = []
        self.session = 0
        self.losing = False
        self.anchored = False
        self.alike = self.may_be_alike
        self.ends = self.numbers = 0
        self.requested: Mode | None = None
        self.doubt: Mode | None = None
        self.held_back: NodeMessage | None = None

    def run(self) -> Yield:
        while len(self.truths) <= self.course.images:
            self.step()
        if self.assembler.growing is not None:
            self.end(self.assembler.growing)
        for truth in self.truths.values():
            self.result.sent += 1
            self.result.heard += bool(truth.heard)
            self.result.knowable += truth.knowable
            self.result.shown += bool(truth.placed)
            self.result.whole += len(truth.heard) == len(truth.image.lines)
            if truth.knowable and not truth.placed:
                self.result.missed.append(
                    f"{truth.image.mode} at {truth.image.time}: {sorted(truth.heard)}"
                )
            # What was placed in an image is there at its end, and nothing else.
            shown = truth.shown or set()
            assert shown == truth.placed <= truth.heard
            self.result.lines_heard += len(truth.heard)
            self.result.lines_shown += len(shown)
        return self.result

    def step(self) -> None:
        course, node = self.course, self.node
        lines = len(node.image.lines) if node.image else 24
        if self.random.random() < course.restarts / lines:
            node.restart()
            node.mode = type(node.mode)(self.random.choice(list(Mode)))
            if course.flashes and self.random.random() < course.flashes:
                layouts = list(type(node.layout))
                following = layouts.index(node.layout) + 1
                node.layout = layouts[following % len(layouts)]
            self.session += 1
            self.anchored = False
            self.alike = self.may_be_alike
            self.ends = self.numbers = 0
        if self.requested is None and self.random.random() < course.switches / lines:
            self.requested = Mode.FAST if node.mode == Mode.SLOW else Mode.SLOW
            self.assembler.expect_mode(self.requested)
            self.doubt = self.requested
            self.ends = self.numbers = 0
        uplink = node.next_uplink()
        truth = None
        if uplink.line is not None:
            image = node.image
            assert image is not None
            truth = self.truths.setdefault(id(image), _Truth(image))
        if self.is_lost():
            return
        message = self.as_received(uplink, START + timedelta(seconds=node.time))
        if truth is not None and uplink.line is not None:
            truth.heard.add(uplink.line)
            self.origins[message.received_at] = truth, uplink.line
        self.judge(truth, uplink.line)
        self.deliver(message)
        if self.requested is not None and self.random.random() < 0.5:
            self.switch(self.requested)

    def as_received(self, uplink: Uplink, received_at: datetime) -> NodeMessage:
        """Return the node's message as it comes from the network server."""
        session, f_cnt, f_port = str(self.session), uplink.f_cnt, uplink.f_port
        payload = uplink.payload
        if self.course.server is not None:
            read = published(self.course.server, self.session, uplink, received_at)
            assert read.f_port is not None
            session, f_cnt, f_port = read.session, read.f_cnt, read.f_port
            payload, received_at = read.payload, read.received_at
        content = decode_uplink(payload)
        assert not isinstance(content, CompactMessage)
        return NodeMessage(session, f_cnt, f_port, received_at, content)

    def switch(self, mode: Mode) -> None:
        node = self.node
        settings = Settings(self.random.randrange(-40, 300), mode, fan=False)
        node.receive(1, encode_downlink(settings))
        self.requested = None
        self.anchored = True
        self.ends = self.numbers = 0

    def is_lost(self) -> bool:
        """Lose in runs: Gilbert's channel with two states."""
        course = self.course
        leave = 1 / course.burst
        if course.burst == 1:
            return self.random.random() < course.loss
        enter = leave * course.loss / (1 - course.loss)
        chance = 1 - leave if self.losing else enter
        self.losing = self.random.random() < chance
        return self.losing

    @property
    def may_be_alike(self) -> bool:
        """Whether all that is said of the node lets slow and fast lines look alike."""
        return self.course.said_layout is not Layout.SLOW_24

    def judge(self, truth: _Truth | None, line: int | None) -> None:
        """Say whether the rules for the numbering let this line's place be known.

        With 32 lines, slow and fast lines look alike. Then the mode has to be known
        too: from any line but the first where lines have numbers, else from the
        distance of two ends of images. So it is where the layout is not known yet.
        """
        if truth is None or line is None:
            self.anchored = True
            return
        running = self.course.numbering is Numbering.RUNNING
        if self.node.layout == Layout.SLOW_24 and truth.image.mode == Mode.SLOW:
            self.alike = False
        alike = self.alike
        is_last = line == len(truth.image.lines) - 1
        self.anchored |= is_last or (truth.image.mode == Mode.FAST and not alike)
        if self.doubt == truth.image.mode and (is_last if running else line > 0):
            self.doubt = None
        if self.doubt is None:
            self.ends += is_last
            self.numbers += line > 0
        mode_known = self.ends > 1 if running else line > 0 or self.numbers > 0
        if (self.anchored or not running) and (mode_known or not alike):
            truth.knowable = True

    def deliver(self, message: NodeMessage) -> None:
        held_back, self.held_back = self.held_back, None
        if held_back is None and self.random.random() < self.course.overtakings:
            self.held_back = message
            return
        self.check(self.assembler.receive(message))
        if self.random.random() < self.course.duplicates:
            change = self.assembler.receive(message)
            assert not change.placed and not change.closed
        if held_back is not None:
            self.check(self.assembler.receive(held_back))

    def check(self, change: AssemblyResult) -> None:
        for placed in change.placed:
            message = placed.message
            truth, line = self.origins[message.received_at]
            if placed.position != (Mode(truth.image.mode), line):
                self.result.lines_wrong += 1
            truth.placed.add(line)
            self.shown.append(truth)
        images = [*change.closed, self.assembler.growing]
        for image in images:
            if image is not None:
                self.compare(image)
        for image in change.closed:
            self.end(image)

    def end(self, image: ThermalImage) -> None:
        """Note which lines an image has at its end: those not missing, with all their pixels."""
        truth, _ = self.origins[image.updated_at]
        lines = set(range(image.lines_expected)) - set(image.missing_lines)
        pixels = image.present.size // image.lines_expected
        assert image.present.sum() == len(lines) * pixels
        matrix = truth.image.matrix
        alike = (
            image.values.shape == matrix.shape
            and not (image.present & (image.values != matrix)).any()
        )
        self.result.mixed += not alike
        # An image is shown in one piece.
        assert truth.shown is None
        truth.shown = lines

    def compare(self, image: ThermalImage) -> None:
        """Compare an image with the one of the node that it must be of."""
        truth, _ = self.origins[image.updated_at]
        if truth.image.mode != image.mode:
            self.result.pixels_wrong += int(image.present.sum())
            return
        same = image.values == truth.image.matrix
        self.result.pixels_wrong += int((image.present & ~same).sum())
        self.result.suspect += image.suspect


def run(course: Course) -> Yield:
    """Simulate a course of a node, and return what was shown of it."""
    return _Run(course).run()
