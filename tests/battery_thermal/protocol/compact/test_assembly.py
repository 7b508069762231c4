"""Tests of the assembly of compact pictures: any order, losses, copies, restarts."""

from datetime import timedelta
from itertools import permutations
import json
from random import Random

import numpy as np
import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.protocol.compact.assembly import CompactAssembler

from .pictures import BEGIN, facts_of, message, payload_of, picture, pixels_of


def test_whole_picture_ends_with_its_message() -> None:
    """It is shown and has ended at once."""
    assembler = CompactAssembler()
    change = assembler.receive(message(payload_of(picture(fan=True))))
    [image] = change.closed
    assert image.closed and image.complete
    assert assembler.closed is image and assembler.growing is None
    [status] = change.last
    assert (status.fan, status.ambient, status.known_ambient) == (True, 21, 21)
    assert change.facts is not None and change.facts.maximum == 60.5
    assert change.mode is assembler.mode is None


@pytest.mark.parametrize("order", permutations(range(4)))
def test_quarters_in_any_order(order: tuple[int, ...]) -> None:
    """The picture is shown with its first quarter, and ends with the fourth."""
    assembler = CompactAssembler()
    sent = picture()
    for number, quarter in enumerate(order):
        change = assembler.receive(
            message(payload_of(sent, quarter), 10 * number, number)
        )
        assert change.mode is Mode.SLOW
        assert (change.facts is None) == (number > 0)
        if number < 3:
            assert not change.closed
            assert assembler.growing and assembler.growing.lines_received == number + 1
    [image] = change.closed
    assert image.complete
    assert np.abs(image.values - pixels_of(sent)).max() <= 2


def test_time_of_messages_may_be_reversed() -> None:
    """Overtaken quarters are added to their picture."""
    assembler = CompactAssembler()
    sent = picture()
    for number, quarter in enumerate((0, 3, 1, 2)):
        change = assembler.receive(message(payload_of(sent, quarter), -number, -number))
    assert change.closed[0].complete


def test_copy_changes_nothing() -> None:
    """A quarter that is there already is a duplicate, in the same or another message."""
    assembler = CompactAssembler()
    payload = payload_of(picture(), 0)
    assembler.receive(message(payload))
    assert assembler.receive(message(payload)).duplicate
    assert assembler.receive(message(payload, 60, 1)).duplicate
    assert assembler.receive(message(payload, -60, -1)).duplicate
    whole = CompactAssembler()
    whole.receive(message(payload_of(picture())))
    assert whole.receive(message(payload_of(picture()))).duplicate


def test_facts_alone_show_no_picture() -> None:
    """Facts update the extremes once for each picture, and end no picture."""
    assembler = CompactAssembler()
    assembler.receive(message(payload_of(picture())))
    hot = facts_of(picture(1, 900))
    change = assembler.receive(message(hot, 60, 1))
    assert change.facts is not None and change.facts.maximum == 90.0
    assert not change.closed
    assert assembler.closed is not None and assembler.closed.maximum == 60.5
    again = assembler.receive(message(hot, 3600, 2))
    assert again.facts is None and not again.duplicate


def test_facts_are_those_of_a_picture_that_has_not_ended() -> None:
    """They are known from its first message on, whatever the times are."""
    assembler = CompactAssembler()
    assembler.receive(message(payload_of(picture())))
    assert assembler.facts is None
    assembler.receive(message(payload_of(picture(1, 700), 0), 60, 1))
    assert assembler.facts is not None and assembler.facts.maximum == 70.0
    # The clock of the network server was set back by an hour.
    assembler.receive(message(facts_of(picture(2, 950)), -3500, 2))
    [ended] = assembler.close_silent(BEGIN + timedelta(hours=2)).closed
    assert ended.maximum == 70.0 and ended.updated_at > BEGIN
    restored = CompactAssembler.from_dict(json.loads(json.dumps(assembler.as_dict())))
    assert restored.facts is not None and restored.facts.maximum == 95.0
    restored.receive(message(payload_of(picture(3, 400)), -3400, 3))
    assert restored.facts is None


@pytest.mark.parametrize("session", ["session", ""])
def test_clock_that_was_set_back(session: str) -> None:
    """A newer message of an earlier time is no late one: its counter is higher."""
    assembler = CompactAssembler()
    assembler.receive(message(payload_of(picture()), 3600, 5, session))
    change = assembler.receive(message(payload_of(picture(1, 900)), 60, 6, session))
    assert [image.maximum for image in change.closed] == [90.0]
    assert change.facts is not None


def test_join_while_the_clock_is_set_back() -> None:
    """A message of another session is late only if it was overtaken by a minute."""
    assembler = CompactAssembler()
    assembler.receive(message(payload_of(picture()), 3600, 5))
    change = assembler.receive(message(payload_of(picture(1, 900)), 0, 0, "next"))
    assert [image.maximum for image in change.closed] == [90.0]
    change = assembler.receive(message(payload_of(picture(2, 800)), -30, 6))
    assert not change.closed and change.facts is None


def test_late_facts_are_ignored() -> None:
    """A newer message has newer facts."""
    assembler = CompactAssembler()
    assembler.receive(message(payload_of(picture(1)), 60, 1))
    change = assembler.receive(message(facts_of(picture(0, 900)), 0, 0))
    assert change.facts is None


def test_older_picture_never_replaces_a_newer_one() -> None:
    """Late messages of an older picture do not replace a newer one."""
    assembler = CompactAssembler()
    assembler.receive(message(payload_of(picture(1)), 60, 10))
    for part in (4, 0):
        change = assembler.receive(
            message(payload_of(picture(0, 700), part), part, part)
        )
        assert not change.closed and change.facts is None
    assert assembler.closed is not None and assembler.closed.maximum == 60.5
    assert assembler.growing is None


def test_late_quarter_finds_the_picture_before() -> None:
    """Two pictures receive quarters at the same time."""
    assembler = CompactAssembler()
    first, second = picture(0), picture(1, 700)
    for number, quarter in enumerate((0, 3, 1)):
        assembler.receive(message(payload_of(first, quarter), number, number))
    assembler.receive(message(payload_of(second, 0), 20, 4))
    change = assembler.receive(message(payload_of(first, 2), 5, 3))
    assert [image.maximum for image in change.closed] == [60.5]
    assert assembler.growing is not None and assembler.growing.maximum == 70.0


def test_incomplete_picture_ends_when_a_newer_one_ends() -> None:
    """Images end in the order in which they were taken."""
    assembler = CompactAssembler()
    assembler.receive(message(payload_of(picture(0, 700), 0)))
    change = assembler.receive(message(payload_of(picture(1, 800)), 60, 1))
    assert [image.maximum for image in change.closed] == [70.0, 80.0]
    assert [image.complete for image in change.closed] == [False, True]
    assert len(change.last) == 2


def test_incomplete_picture_ends_when_two_newer_ones_have_begun() -> None:
    """If many messages are lost, the received quarters are still shown."""
    assembler = CompactAssembler()
    ended: list[ThermalImage] = []
    for number in range(4):
        sent = picture(number, 700 + number)
        change = assembler.receive(message(payload_of(sent, 0), 600 * number, number))
        ended.extend(change.closed)
    assert [image.maximum for image in ended] == [70.0, 70.1]


def test_incomplete_picture_ends_after_an_hour() -> None:
    """No further quarter is expected then."""
    assembler = CompactAssembler()
    assert assembler.silent_at is None
    assembler.receive(message(payload_of(picture(), 0)))
    assert assembler.silent_at == BEGIN + timedelta(hours=1)
    assert not assembler.close_silent(BEGIN + timedelta(minutes=59)).closed
    [image] = assembler.close_silent(BEGIN + timedelta(hours=1)).closed
    assert image.closed and image.lines_received == 1
    assert assembler.silent_at is None


@pytest.mark.parametrize("loss", [0.05, 0.1, 0.2, 0.4])
def test_losses(loss: float) -> None:
    """Of each picture with a received message a part is shown, with correct values."""
    random = Random(1)
    assembler = CompactAssembler()
    arrived, shown, counter = set(), set(), 0
    for number in range(40):
        sent = picture(number, 500 + number)
        for quarter in (0, 3, 1, 2):
            counter += 1
            if random.random() < loss:
                continue
            arrived.add(50 + number / 10)
            change = assembler.receive(
                message(payload_of(sent, quarter), 600 * counter, counter)
            )
            for image in (*change.closed, assembler.growing):
                if image is not None:
                    shown.add(image.maximum)
                    true = pixels_of(picture(hottest=round(10 * image.maximum)))
                    error = np.abs(image.values - true)[image.present]
                    assert error.max() <= 2
    assert shown == arrived


def test_survives_a_restart() -> None:
    """The current picture continues, and its facts are not new again."""
    assembler = CompactAssembler()
    sent = picture()
    assembler.receive(message(payload_of(picture(7, 500)), -600, 0))
    for number, quarter in enumerate((0, 3)):
        assembler.receive(message(payload_of(sent, quarter), number, number + 1))
    data = json.loads(json.dumps(assembler.as_dict()))
    restored = CompactAssembler.from_dict(data)
    assert restored.mode is Mode.SLOW
    assert restored.closed is not None and restored.closed.maximum == 50.0
    change = restored.receive(message(payload_of(sent, 1), 10, 3))
    assert change.facts is None
    assert restored.growing is not None and restored.growing.lines_received == 3
    assert CompactAssembler.from_dict(CompactAssembler().as_dict()).closed is None
