"""Tests of the assembly of lines into images."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import json

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.protocol.assembly import Assembler
from custom_components.battery_thermal.protocol.assembly_result import (
    AssemblyResult,
    LinePosition,
)
from custom_components.battery_thermal.protocol.cadence import PUBLISHED
from custom_components.battery_thermal.protocol.layout import Layout, Numbering
from custom_components.battery_thermal.protocol.node_message import NodeMessage
from custom_components.battery_thermal.protocol.uplink import (
    Line,
    Reset,
    UplinkError,
    UplinkErrorReason,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(seconds=30)


def matrix(seed: int, mode: Mode = Mode.SLOW) -> np.ndarray:
    """Return an image whose pixels are all different."""
    shape = (32, 24) if mode is Mode.SLOW else (8, 6)
    return np.random.default_rng(seed).integers(200, 600, shape).astype(np.int16)


def lines_of(image: np.ndarray, layout: Layout = Layout.SLOW_24) -> list[Line]:
    """Return the lines that the node sends of an image."""
    mode = Mode.SLOW if image.shape == (32, 24) else Mode.FAST
    grid = layout.grid(mode)
    lines = []
    for number in range(grid.lines):
        block = image[grid.area(number)]
        values = block if block.shape[0] == 1 else block.T
        last = number == grid.lines - 1
        lines.append(
            Line(
                values=tuple(int(value) for value in values.ravel()),
                minimum=int(image.min()) if last else None,
                maximum=int(image.max()) if last else None,
                fan=False,
                ambient=21,
            )
        )
    return lines


@dataclass
class Feed:
    """An assembler, and the messages that it receives."""

    assembler: Assembler = field(default_factory=lambda: Assembler(Layout.SLOW_24))
    session: str = "first"
    at: datetime = START
    step: timedelta = STEP

    def line(self, line: Line | Reset, f_cnt: int, f_port: int = 1) -> AssemblyResult:
        """Receive a line, one interval after the message before it."""
        self.at += self.step
        return self.assembler.receive(
            NodeMessage(self.session, f_cnt, f_port, self.at, line)
        )

    def image(
        self, image: np.ndarray, *, first: int = 0, skip: tuple[int, ...] = ()
    ) -> AssemblyResult:
        """Receive an image without the lost lines; return the last change."""
        change = AssemblyResult()
        for number, line in enumerate(lines_of(image)):
            if number in skip:
                self.at += self.step
            else:
                change = self.line(line, first + number)
        return change


def untouched(change: AssemblyResult) -> bool:
    """Return whether a message has changed nothing."""
    return not change.placed and not change.closed


@pytest.fixture
def feed() -> Feed:
    """Return an assembler without any knowledge."""
    return Feed()


@pytest.fixture
def counting() -> Feed:
    """Return an assembler that is configured to take the frame counter as line number."""
    return Feed(Assembler(Layout.SLOW_24, Numbering.COUNTER))


def test_image_grows_and_is_closed_by_its_last_line(counting: Feed) -> None:
    """Every line is shown at once, and the last one ends the image."""
    image = matrix(1)
    for number, line in enumerate(lines_of(image)[:-1]):
        change = counting.line(line, number)
        assert [placed.position for placed in change.placed] == [(Mode.SLOW, number)]
        growing = counting.assembler.growing
        assert growing is not None
        assert growing.lines_received == number + 1
        assert growing.missing_lines == tuple(range(number + 1, 24))
        assert (growing.values[growing.present] == image[growing.present]).all()
        assert not growing.closed
        assert counting.assembler.closed is None
    change = counting.line(lines_of(image)[-1], 23)
    (closed,) = change.closed
    assert counting.assembler.growing is None
    assert counting.assembler.closed is closed
    assert counting.assembler.image is closed
    assert closed.closed and closed.complete and not closed.suspect
    assert (closed.values == image).all()
    assert (closed.node_minimum, closed.node_maximum) == (image.min(), image.max())
    assert closed.started_at == START + STEP
    assert closed.updated_at == START + 24 * STEP
    assert counting.assembler.mode is Mode.SLOW


def test_next_image_closes_one_without_its_last_line(counting: Feed) -> None:
    """The missing lines stay missing."""
    image = matrix(1)
    counting.image(image, skip=(5, 23))
    assert counting.assembler.closed is None
    change = counting.line(lines_of(matrix(2))[0], 0)
    (closed,) = change.closed
    assert closed.missing_lines == (5, 23)
    assert not closed.present[:, [5, 23]].any()
    assert closed.node_maximum is None
    assert counting.assembler.growing is not None
    assert counting.assembler.growing.lines_received == 1


def test_reset_closes_an_image(counting: Feed) -> None:
    """A reset shows that the node has restarted."""
    counting.line(lines_of(matrix(1))[0], 0)
    change = counting.line(Reset(), 100)
    assert [image.lines_received for image in change.closed] == [1]
    assert counting.line(Reset(), 100).closed == ()


def test_silence_closes_an_image(counting: Feed) -> None:
    """An image ends when the time for all its lines has passed, plus 10 s for transmission."""
    assert counting.assembler.silent_at is None
    assert counting.assembler.close_silent(START) == AssemblyResult()
    counting.line(lines_of(matrix(1))[0], 0)
    silent_at = counting.assembler.silent_at
    assert silent_at
    assert silent_at == counting.at + 25 * PUBLISHED + timedelta(seconds=10)
    assert counting.assembler.close_silent(silent_at - STEP / 30) == AssemblyResult()
    change = counting.assembler.close_silent(silent_at)
    assert [image.lines_received for image in change.closed] == [1]
    assert counting.assembler.silent_at is None


def test_burst_over_an_end_does_not_mix_two_images(counting: Feed) -> None:
    """Line 3 and, 26 messages later, line 5 are of two images: only the time shows it."""
    first, second = lines_of(matrix(1)), lines_of(matrix(2))
    for number in range(4):
        counting.line(first[number], number)
    counting.at += 25 * STEP
    change = counting.line(second[5], 5)
    assert [image.lines_received for image in change.closed] == [4]


def test_lost_lines_do_not_split_an_image(counting: Feed) -> None:
    """Line 3 and, 15 messages later, line 18 are of one image."""
    lines = lines_of(matrix(1))
    for number in range(4):
        counting.line(lines[number], number)
    counting.at += 14 * STEP
    assert counting.line(lines[18], 18).closed == ()


def test_line_that_goes_back_begins_an_image(counting: Feed) -> None:
    """Within an image, line 4 does not follow line 5."""
    counting.line(lines_of(matrix(1))[5], 5)
    change = counting.line(lines_of(matrix(2))[4], 4)
    assert len(change.closed) == 1


def test_interval_is_learned(counting: Feed) -> None:
    """The interval is learned from the times between messages, without pauses and losses."""
    assert counting.assembler.interval == PUBLISHED
    counting.step = timedelta(seconds=60)
    counting.image(matrix(1), skip=(4, 11, 12))
    assert counting.assembler.interval == timedelta(seconds=60)


def test_duplicate_changes_nothing(counting: Feed) -> None:
    """A message with equal session, counter and bytes is a duplicate."""
    lines = lines_of(matrix(1))
    counting.line(lines[0], 0)
    before = counting.assembler.growing
    counting.step = timedelta()
    assert counting.line(lines[0], 0) == AssemblyResult(duplicate=True)
    assert counting.assembler.growing is before


def test_same_line_of_the_next_image_is_no_duplicate(counting: Feed) -> None:
    """If the counter restarts, an equal line may be of the next image of a uniform scene."""
    lines = lines_of(matrix(1))
    counting.line(lines[0], 0)
    counting.at += 23 * STEP
    change = counting.line(lines[0], 0)
    assert not change.duplicate
    assert len(change.closed) == 1


def test_late_duplicate_where_the_counter_runs_on(feed: Feed) -> None:
    """If the counter never restarts, a copy is a duplicate however late it is."""
    feed.image(matrix(1), first=100)
    lines = lines_of(matrix(2))
    feed.line(lines[0], 124)
    feed.line(lines[1], 125)
    feed.at += 10 * STEP
    assert feed.line(lines[0], 124).duplicate


def test_running_counter_is_unknown_until_an_image_has_ended(feed: Feed) -> None:
    """After the first end of an image, all lines of the current image are placed."""
    image = matrix(1)
    assert feed.assembler.line_position is LinePosition.UNKNOWN
    for number, line in enumerate(lines_of(image)[:-1]):
        if number > 4:
            change = feed.line(line, 5000 + number)
            assert change.placed == ()
            assert feed.assembler.image is None
            assert feed.assembler.line_position is LinePosition.UNKNOWN
    change = feed.line(lines_of(image)[-1], 5023)
    assert feed.assembler.line_position is LinePosition.FOUND
    assert [placed.position.line for placed in change.placed] == list(range(5, 24))
    (closed,) = change.closed
    assert closed.missing_lines == (0, 1, 2, 3, 4)
    assert (closed.values[:, 5:] == image[:, 5:]).all()
    change = feed.line(lines_of(matrix(2))[3], 5027)
    assert [placed.position.line for placed in change.placed] == [3]


def test_mode_is_seen_before_the_position(feed: Feed) -> None:
    """The length of a line shows the mode, if it differs between the modes."""
    change = feed.line(lines_of(matrix(1))[4], 5004)
    assert (change.placed, change.mode) == ((), Mode.SLOW)
    assert feed.assembler.mode is Mode.SLOW
    assert feed.line(Reset(), 5005).mode is None
    assert feed.assembler.mode is Mode.SLOW


def test_new_session_loses_the_position(feed: Feed) -> None:
    """After another join no line is placed until its position is known again."""
    feed.image(matrix(1), first=5000)
    feed.session = "second"
    change = feed.line(lines_of(matrix(2))[7], 60)
    assert change.placed == ()
    assert feed.assembler.line_position is LinePosition.UNKNOWN


def test_reset_tells_the_position_of_a_running_counter() -> None:
    """The first image begins with the message after a reset."""
    feed = Feed(Assembler(Layout.SLOW_24, Numbering.RUNNING))
    feed.line(Reset(), 0)
    change = feed.line(lines_of(matrix(1))[2], 3)
    assert [placed.position for placed in change.placed] == [(Mode.SLOW, 2)]


def test_change_of_mode_tells_the_position_of_a_running_counter(feed: Feed) -> None:
    """The node begins a new image with a change of mode."""
    for number, line in enumerate(lines_of(matrix(1, Mode.FAST))):
        feed.line(line, 700 + number)
    assert feed.assembler.mode is Mode.FAST
    change = feed.line(lines_of(matrix(2))[1], 703)
    assert [placed.position for placed in change.placed] == [(Mode.SLOW, 1)]
    assert feed.assembler.mode is Mode.SLOW


def test_published_node_is_recognised_by_its_reset(feed: Feed) -> None:
    """A published node sends its reset with counter 100 and its first line with counter 0."""
    feed.line(Reset(), 100)
    lines = lines_of(matrix(1))
    for number, line in enumerate(lines[:2]):
        change = feed.line(line, number)
        assert [placed.position.line for placed in change.placed] == [number]
    assert feed.assembler.line_position is LinePosition.COUNTER


def test_port_as_line_number(feed: Feed) -> None:
    """The FPort is the number of the line plus an unknown base."""
    for number, line in enumerate(lines_of(matrix(1))):
        change = feed.line(line, 900 + number, f_port=10 + number)
    assert feed.assembler.line_position is LinePosition.PORT
    assert [image.complete for image in change.closed] == [True]
    feed.session = "second"
    change = feed.line(lines_of(matrix(2))[6], 0, f_port=16)
    assert [placed.position.line for placed in change.placed] == [6]


def test_port_whose_base_is_open() -> None:
    """The configured numbering does not state the base of the FPort."""
    feed = Feed(Assembler(Layout.SLOW_24, Numbering.PORT))
    assert feed.line(lines_of(matrix(1))[6], 3, f_port=16).placed == ()
    assert feed.assembler.line_position is LinePosition.UNKNOWN


def test_port_with_a_counter_that_restarts() -> None:
    """FPort and frame counter may both state the number of the line."""
    feed = Feed(Assembler(Layout.SLOW_24, Numbering.PORT))
    for seed in range(2):
        for number, line in enumerate(lines_of(matrix(seed))):
            change = feed.line(line, number, f_port=1 + number)
        assert [image.complete for image in change.closed] == [True]


def test_numbering_changes_with_the_firmware(feed: Feed) -> None:
    """With a new firmware the numbering is detected again."""
    feed.line(Reset(), 100)
    feed.image(matrix(1))
    assert feed.assembler.line_position is LinePosition.COUNTER
    assert feed.line(lines_of(matrix(2))[4], 3004).placed == ()
    assert feed.assembler.line_position is LinePosition.UNKNOWN
    feed.image(matrix(3), first=3024)
    assert feed.assembler.line_position is LinePosition.FOUND


def test_wrong_numbering_is_configured(counting: Feed) -> None:
    """With a wrong numbering no image is shown."""
    assert counting.line(lines_of(matrix(1))[4], 3004).placed == ()
    assert counting.assembler.image is None


def test_line_of_another_layout_is_bad_input() -> None:
    """If 32 lines are configured, a line of 32 values is invalid."""
    feed = Feed(Assembler(Layout.SLOW_32))
    with pytest.raises(UplinkError) as error:
        feed.line(lines_of(matrix(1))[0], 0)
    assert error.value.reason is UplinkErrorReason.LAYOUT


def test_overtaken_line_finds_its_place(counting: Feed) -> None:
    """Line 2 after line 3 is placed; the newest line of the image stays line 3."""
    lines = lines_of(matrix(1))
    for number in (0, 1, 3):
        counting.line(lines[number], number)
        counting.at += STEP if number == 1 else timedelta()
    late = NodeMessage("first", 2, 1, counting.at - STEP, lines[2])
    change = counting.assembler.receive(late)
    assert [(p.position.line, p.late) for p in change.placed] == [(2, True)]
    assert counting.assembler.growing is not None
    assert counting.assembler.growing.missing_lines == tuple(range(4, 24))
    assert counting.line(lines[4], 4).closed == ()


def test_overtaken_line_of_a_closed_image_is_left_out(feed: Feed) -> None:
    """An image that has ended is not changed."""
    feed.image(matrix(1), first=100, skip=(22,))
    late = NodeMessage("first", 122, 1, feed.at - STEP, lines_of(matrix(1))[22])
    assert untouched(feed.assembler.receive(late))
    before_that = NodeMessage(
        "first", 90, 1, feed.at - 30 * STEP, lines_of(matrix(0))[14]
    )
    assert untouched(feed.assembler.receive(before_that))


def test_overtaken_line_of_another_session_is_left_out(feed: Feed) -> None:
    """Nothing is known of the positions of an earlier session."""
    feed.image(matrix(1), first=100)
    feed.session = "second"
    feed.line(Reset(), 0)
    late = NodeMessage("first", 124, 1, feed.at - STEP / 2, lines_of(matrix(1))[0])
    assert untouched(feed.assembler.receive(late))


def test_overtaken_line_without_a_session(feed: Feed) -> None:
    """It is placed like a line with the session: stored uplinks have no session."""
    feed.image(matrix(1), first=100)
    lines = lines_of(matrix(2))
    for number in (0, 1, 3):
        feed.line(lines[number], 124 + number)
    late = NodeMessage("", 126, 1, feed.at - STEP / 2, lines[2])
    change = feed.assembler.receive(late)
    assert [(p.position.line, p.late) for p in change.placed] == [(2, True)]
    assert untouched(feed.assembler.receive(late))


def test_overtaken_line_of_the_session_before(feed: Feed) -> None:
    """With or without its session, it is not added to the current image and moves no line."""
    feed.image(matrix(1), first=500)
    feed.session = "second"
    feed.line(Reset(), 0)
    lines = lines_of(matrix(2))
    feed.line(lines[0], 1)
    feed.line(lines[1], 2)
    for number, session in enumerate(("first", "")):
        line = lines_of(matrix(1))[number]
        late = NodeMessage(session, 524 + number, 1, feed.at - STEP / 2, line)
        assert untouched(feed.assembler.receive(late))
    change = feed.line(lines[2], 3)
    assert [p.position.line for p in change.placed] == [2]
    growing = feed.assembler.growing
    assert growing and growing.lines_received == 3


def test_overtaken_line_that_contradicts(feed: Feed) -> None:
    """A fast line before a slow one shows that the mode changed later than assumed."""
    fast = lines_of(matrix(1, Mode.FAST))
    feed.line(fast[0], 200)
    feed.line(fast[1], 201)
    feed.at += STEP
    feed.line(lines_of(matrix(2))[0], 203)
    late = NodeMessage("first", 202, 1, feed.at - STEP, fast[0])
    assert untouched(feed.assembler.receive(late))
    assert feed.assembler.line_position is LinePosition.UNKNOWN


def test_clock_of_the_server_set_back(counting: Feed) -> None:
    """When the clock is set back by an hour, the image ends, and the next message is processed."""
    lines = lines_of(matrix(1))
    counting.line(lines[0], 0)
    counting.at -= timedelta(hours=1)
    change = counting.line(lines[1], 1)
    assert len(change.closed) == 1
    assert [placed.position.line for placed in change.placed] == [1]


def test_running_counter_does_not_need_the_clock(feed: Feed) -> None:
    """A counter that never restarts shows the order."""
    feed.image(matrix(1), first=100)
    feed.line(lines_of(matrix(2))[0], 124)
    feed.at -= timedelta(hours=1)
    change = feed.line(lines_of(matrix(2))[1], 125)
    assert change.closed == ()
    assert [placed.position.line for placed in change.placed] == [1]


@pytest.mark.parametrize(
    ("mode", "minimum", "maximum", "suspect"),
    [
        (Mode.SLOW, 0, 0, False),
        (Mode.SLOW, 0, 1, True),
        (Mode.SLOW, -1, 0, True),
        (Mode.SLOW, 1, 0, True),
        (Mode.SLOW, 0, -1, True),
        (Mode.FAST, 0, 0, False),
        (Mode.FAST, -1, 0, False),
        (Mode.FAST, 0, 1, True),
    ],
)
def test_extremes_of_the_node_check_a_whole_image(
    mode: Mode, minimum: int, maximum: int, suspect: bool
) -> None:
    """An image whose extremes differ by more than a limit from the node's is suspect.

    Published nodes send the minimum of all pixels also with the maxima of blocks.
    """
    feed = Feed(Assembler(Layout.SLOW_24, Numbering.COUNTER))
    image = matrix(1, mode)
    *lines, last = lines_of(image)
    assert last.minimum is not None and last.maximum is not None
    off = Line(
        last.values,
        last.minimum + minimum,
        last.maximum + maximum,
        fan=False,
        ambient=0,
    )
    for number, line in enumerate([*lines, off]):
        change = feed.line(line, number)
    (closed,) = change.closed
    assert closed.suspect is suspect


def test_extremes_of_the_node_check_part_of_an_image(counting: Feed) -> None:
    """A pixel hotter than the node's maximum is of another image, also if lines are missing."""
    *lines, last = lines_of(matrix(1))
    counting.line(lines[0], 0)
    counting.at += 22 * STEP
    hottest = max(*lines[0].values, *last.values)
    fitting = Line(last.values, 0, hottest + 5, fan=False, ambient=0)
    assert not counting.line(fitting, 23).closed[0].suspect
    counting.line(lines[0], 0)
    counting.at += 22 * STEP
    wrong = Line(last.values, 0, hottest - 1, fan=False, ambient=0)
    assert counting.line(wrong, 23).closed[0].suspect


def test_lines_of_one_length_wait_for_their_mode() -> None:
    """With 32 lines of 24 values, a first line may be of a slow or of a fast image."""
    feed = Feed(Assembler(Layout.SLOW_32, Numbering.COUNTER))
    slow = lines_of(matrix(1), Layout.SLOW_32)
    fast = lines_of(matrix(2, Mode.FAST), Layout.SLOW_32)
    assert feed.line(slow[0], 0).placed == ()
    assert [p.position.line for p in feed.line(slow[1], 1).placed] == [0, 1]
    feed.assembler.expect_mode(Mode.FAST)
    assert feed.line(fast[0], 0).placed == ()
    # Its first line may have been the last one of the slow mode.
    assert [p.position for p in feed.line(fast[1], 1).placed] == [(Mode.FAST, 1)]
    # From here on the mode is known again.
    assert [p.position for p in feed.line(fast[0], 0).placed] == [(Mode.FAST, 0)]


def test_request_that_a_node_has_not_received_when_it_starts() -> None:
    """A node that starts in the requested mode proves nothing: the request may be queued.

    Here it starts again in the other mode before the request reaches it. Its reset
    messages are lost.
    """
    feed = Feed(Assembler(Layout.SLOW_32, Numbering.COUNTER))
    slow = lines_of(matrix(1), Layout.SLOW_32)
    fast = lines_of(matrix(2, Mode.FAST), Layout.SLOW_32)
    feed.line(slow[0], 0)
    feed.line(slow[1], 1)
    feed.assembler.expect_mode(Mode.FAST)
    feed.session = "second"
    assert [p.position for p in feed.line(fast[1], 1).placed] == [(Mode.FAST, 1)]
    feed.session = "third"
    assert feed.line(slow[0], 0).placed == ()
    assert feed.line(fast[0], 0).placed == ()
    assert [p.position for p in feed.line(fast[1], 1).placed] == [(Mode.FAST, 1)]


def test_layout_is_detected_by_the_length_of_a_line() -> None:
    """Only slow lines of published nodes have the longer length, so shorter ones are fast."""
    feed = Feed(Assembler(numbering=Numbering.COUNTER))
    fast = lines_of(matrix(1, Mode.FAST))
    assert feed.line(fast[0], 0).placed == ()
    assert len(feed.line(lines_of(matrix(2))[5], 5).placed) == 2
    feed.assembler.expect_mode(Mode.FAST)
    assert [p.position for p in feed.line(fast[0], 0).placed] == [(Mode.FAST, 0)]


def test_layout_is_detected_by_the_number_of_a_line() -> None:
    """Only slow images of rows have a short line with number 2."""
    feed = Feed(Assembler(numbering=Numbering.COUNTER))
    lines = lines_of(matrix(1), Layout.SLOW_32)
    assert feed.line(lines[0], 0).placed == ()
    change = feed.line(lines[2], 2)
    assert [p.position for p in change.placed] == [(Mode.SLOW, 0), (Mode.SLOW, 2)]
    assert feed.assembler.growing is not None
    assert feed.assembler.growing.lines_expected == 32


def test_layout_is_detected_by_the_ends_of_images() -> None:
    """If every second short line is a last one, images have two lines."""
    feed = Feed(Assembler())
    fast = lines_of(matrix(1, Mode.FAST))
    assert feed.line(fast[1], 131).placed == ()
    change = feed.line(fast[1], 133)
    assert {p.position for p in change.placed} == {(Mode.FAST, 1)}
    feed = Feed(Assembler())
    slow = lines_of(matrix(1), Layout.SLOW_32)
    assert feed.line(slow[29], 129).placed == ()
    change = feed.line(slow[31], 131)
    assert [p.position for p in change.placed] == [(Mode.SLOW, 29), (Mode.SLOW, 31)]


def test_layout_is_known_after_a_restart() -> None:
    """A short line of a node that sends columns is a fast one."""
    feed = Feed(Assembler(numbering=Numbering.COUNTER))
    feed.line(lines_of(matrix(1))[5], 5)
    feed.assembler = restored(feed.assembler, Layout.AUTO, Numbering.COUNTER)
    feed.assembler.expect_mode(Mode.FAST)
    change = feed.line(lines_of(matrix(2, Mode.FAST))[0], 0)
    assert [p.position for p in change.placed] == [(Mode.FAST, 0)]


def test_layout_is_open_again_after_a_join() -> None:
    """Only another firmware changes the layout, and that joins again."""
    feed = Feed(Assembler(numbering=Numbering.COUNTER))
    feed.image(matrix(1))
    feed.session = "second"
    lines = lines_of(matrix(2), Layout.SLOW_32)
    assert feed.line(lines[0], 0).placed == ()
    assert [p.position.line for p in feed.line(lines[1], 1).placed] == [0, 1]


def test_another_layout_without_a_join() -> None:
    """A change of layout without a join is accepted once it is proven."""
    feed = Feed(Assembler(numbering=Numbering.COUNTER))
    feed.image(matrix(1))
    rows = lines_of(matrix(2), Layout.SLOW_32)
    change = feed.line(rows[5], 5)
    assert [p.position for p in change.placed] == [(Mode.SLOW, 5)]
    change = feed.line(lines_of(matrix(3))[6], 6)
    assert [p.position for p in change.placed] == [(Mode.SLOW, 6)]
    # No image has lines of two layouts.
    assert [image.lines_expected for image in change.closed] == [32]


def test_interruption_while_the_mode_may_change(feed: Feed) -> None:
    """The mode may have changed anywhere in the interruption, so the position is unknown."""
    feed.image(matrix(1), first=100)
    feed.assembler.note_missing_uplinks()
    assert feed.assembler.line_position is LinePosition.FOUND
    feed.assembler.expect_mode(Mode.FAST)
    feed.assembler.note_missing_uplinks()
    assert feed.assembler.line_position is LinePosition.UNKNOWN


def test_number_of_waiting_lines_is_bounded() -> None:
    """First lines of one length never show their mode; only some of them are kept."""
    feed = Feed(Assembler(Layout.SLOW_32, Numbering.COUNTER))
    line = lines_of(matrix(1), Layout.SLOW_32)[0]
    for _ in range(70):
        feed.at += STEP
        assert feed.line(line, 0).placed == ()
    change = feed.line(lines_of(matrix(1, Mode.FAST), Layout.SLOW_32)[1], 1)
    assert len(change.placed) == 65


def restored(
    assembler: Assembler,
    layout: Layout = Layout.SLOW_24,
    numbering: Numbering = Numbering.AUTO,
) -> Assembler:
    """Return an assembler with the stored state of another one."""
    data = json.loads(json.dumps(assembler.as_dict()))
    return Assembler.from_dict(layout, data, numbering)


def same(one: ThermalImage | None, other: ThermalImage | None) -> bool:
    """Return whether two images are equal."""
    return (one and one.as_dict()) == (other and other.as_dict())


def test_restart_in_the_middle_of_an_image(feed: Feed) -> None:
    """The second half is added to the first one."""
    feed.image(matrix(1), first=100, skip=(3,))
    image = matrix(2)
    for number, line in enumerate(lines_of(image)):
        if number == 11:
            before = feed.assembler
            before.expect_mode(Mode.SLOW)
            feed.assembler = restored(before)
            assert same(feed.assembler.growing, before.growing)
            assert same(feed.assembler.closed, before.closed)
            assert feed.assembler.mode is Mode.SLOW
            assert feed.assembler.interval == before.interval
            assert feed.assembler.line_position is LinePosition.FOUND
        change = feed.line(line, 124 + number)
    (closed,) = change.closed
    assert closed.complete
    assert (closed.values == image).all()


def test_duplicate_of_what_came_before_a_restart(feed: Feed) -> None:
    """A line that the image already has changes nothing."""
    feed.image(matrix(1), first=100)
    lines = lines_of(matrix(2))
    feed.line(lines[0], 124)
    feed.line(lines[1], 125)
    feed.assembler = restored(feed.assembler)
    again = NodeMessage("first", 124, 1, feed.at - STEP, lines[0])
    assert untouched(feed.assembler.receive(again))


def test_restart_without_any_knowledge(feed: Feed) -> None:
    """Without messages nothing is known after a restart."""
    again = restored(feed.assembler)
    assert (again.image, again.mode) == (None, None)
    assert again.line_position is LinePosition.UNKNOWN


def test_restart_with_another_numbering(feed: Feed) -> None:
    """When the configuration has changed, only the image is restored."""
    feed.image(matrix(1), first=100)
    feed.line(lines_of(matrix(2))[0], 124)
    again = restored(feed.assembler, Layout.SLOW_32)
    assert again.growing is None
    assert same(again.closed, feed.assembler.closed)
    assert again.line_position is LinePosition.UNKNOWN


MESSAGES = st.builds(
    NodeMessage,
    session=st.sampled_from(["first", "second"]),
    f_cnt=st.integers(0, 40) | st.integers(0, 2**32 - 1),
    f_port=st.integers(1, 40),
    received_at=st.integers(-4000, 4000).map(
        lambda seconds: START + timedelta(seconds=seconds)
    ),
    content=st.just(Reset())
    | st.sampled_from(
        [
            *lines_of(matrix(1)),
            *lines_of(matrix(2, Mode.FAST)),
            *lines_of(matrix(3), Layout.SLOW_32),
        ]
    ),
)


@settings(deadline=None)
@given(
    st.lists(MESSAGES, max_size=40),
    st.sampled_from([Layout.AUTO, Layout.SLOW_24]),
    st.sampled_from(Numbering),
    st.sampled_from(Mode),
)
def test_any_messages(
    messages: list[NodeMessage], layout: Layout, numbering: Numbering, mode: Mode
) -> None:
    """Images are consistent and survive a restart, whatever messages arrive in whatever order."""
    assembler = Assembler(layout, numbering)
    for message in messages:
        change = assembler.receive(message)
        assembler.expect_mode(mode)
        for image in (*change.closed, assembler.growing):
            if image is not None:
                rows = image.lines_expected == 32
                grid = (Layout.SLOW_32 if rows else Layout.SLOW_24).grid(image.mode)
                for number in range(grid.lines):
                    there = image.present[grid.area(number)]
                    assert there.all() != (number in image.missing_lines)
                assert image.lines_received > 0
        again = restored(assembler, layout, numbering)
        assert same(again.growing, assembler.growing)
        assert same(again.closed, assembler.closed)
