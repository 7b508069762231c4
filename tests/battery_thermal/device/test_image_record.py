"""Tests of the record of images: current, ended, corrected and stored ones."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.battery_thermal.device.image_record import ImageRecord
from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.updating_image import UpdatingImage
from custom_components.battery_thermal.protocol.assembly_result import (
    AssemblyResult,
    LinePosition,
)
from custom_components.battery_thermal.protocol.fan_evidence import FanReason
from custom_components.battery_thermal.protocol.formats import decode_uplink
from custom_components.battery_thermal.protocol.layout import Layout
from custom_components.battery_thermal.protocol.node_message import NodeMessage
from custom_components.battery_thermal.protocol.uplink import UplinkError
from custom_components.battery_thermal.thermal.alarm_kinds import LogKind
from custom_components.battery_thermal.thermal.watch import AlarmKind
from tests.battery_thermal.thermal.scenes import bank, thermal_image
from tests.battery_thermal.uplinks import START, config, node_uplinks

# A reset, and a fast image of two lines.
FAST_IMAGE = 3


def receive(images: ImageRecord, count: int) -> list[float]:
    """Receive the next messages of a node; return the maxima of images that ended."""
    maxima = []
    for uplink in node_uplinks(count):
        content = decode_uplink(uplink.payload)
        result = images.receive(
            NodeMessage(
                session=uplink.session,
                f_cnt=uplink.f_cnt,
                f_port=1,
                received_at=uplink.received_at,
                content=content,
            )
        )
        maxima += [one.image.maximum for one in images.judge_ended(result, 50)]
    return maxima


def test_before_the_first_line() -> None:
    """Before the first line nothing is known."""
    images = ImageRecord(config())
    assert images.image is None
    assert images.measured is None
    assert images.mode is None
    assert images.overdue_at is None
    assert images.too_old_at is None
    assert not images.simulated
    assert not images.has_lines
    assert images.line_position is LinePosition.UNKNOWN
    assert images.layout is Layout.SLOW_24
    assert images.silent_after == timedelta(minutes=15)


def test_correction_before_the_first_line() -> None:
    """Without an image there is nothing to correct and nothing to show."""
    images = ImageRecord(config(correction={"offset": 5, "dead_pixels": ["1, 1"]}))
    assert images.image is None
    assert images.shown is None
    assert images.extremes is None


def test_layout_that_is_not_detected_yet() -> None:
    """The layout is None until it is detected."""
    assert ImageRecord(config(layout="auto")).layout is None


def test_image_that_ended() -> None:
    """An image that has ended is the measured one, and too old an hour later."""
    images = ImageRecord(config())
    maxima = receive(images, FAST_IMAGE)
    assert images.measured is images.image
    assert images.measured
    assert [images.measured.maximum] == maxima
    assert images.mode is Mode.FAST
    assert images.overdue_at is None
    assert images.too_old_at == images.measured.updated_at + timedelta(hours=1)


def test_image_under_way() -> None:
    """The current image is shown; the last one that ended stays the measured one."""
    images = ImageRecord(config())
    receive(images, FAST_IMAGE + 1)
    assert images.image
    assert images.image.missing_lines == (1,)
    assert images.measured
    assert images.measured is not images.image
    assert images.overdue_at
    assert not images.close_overdue(images.overdue_at - timedelta(seconds=1)).closed
    assert images.close_overdue(images.overdue_at).closed


def test_image_that_is_shown() -> None:
    """The shown image is the last one that ended, with the lines of the next one over it."""
    images = ImageRecord(config())
    assert images.shown is None
    receive(images, FAST_IMAGE - 1)
    assert images.shown is images.image
    images = ImageRecord(config())
    receive(images, FAST_IMAGE)
    assert images.shown is images.measured
    images = ImageRecord(config())
    receive(images, FAST_IMAGE + 1)
    shown = images.shown
    assert isinstance(shown, UpdatingImage)
    assert shown is images.shown
    assert shown.ended is images.measured
    assert shown.upcoming is images.image


def test_images_are_corrected_once() -> None:
    """All readers get the same corrected object."""
    plain, shifted = (
        ImageRecord(config(correction={"offset": offset})) for offset in (0, 5)
    )
    receive(plain, FAST_IMAGE)
    archived = receive(shifted, FAST_IMAGE)
    assert plain.measured
    assert shifted.measured
    assert shifted.measured.maximum == pytest.approx(plain.measured.maximum + 5)
    assert shifted.measured is shifted.measured
    # The archive stores images as the node sent them.
    assert archived == [plain.measured.maximum]


def test_simulated_lines() -> None:
    """Simulated lines are shown until the node has sent a line itself."""
    images = ImageRecord(config())
    payload = node_uplinks(2)[1].payload
    images.receive_simulated(payload, START)
    assert images.simulated
    assert images.image
    assert images.measured is None
    receive(images, FAST_IMAGE)
    assert not images.simulated
    assert images.has_lines


def test_simulated_message_that_no_node_sends() -> None:
    """A simulated message that no node sends is refused."""
    with pytest.raises(UplinkError):
        ImageRecord(config()).receive_simulated(bytes(5), START)


def test_restored() -> None:
    """Images, alarms, ambient temperature and fan survive a restart."""
    before, after = ImageRecord(config()), ImageRecord(config())
    receive(before, FAST_IMAGE + 1)
    before.ambient, before.fan, before.suspect_images = 21, True, 3
    before.watch.set_limits(age=5)
    after.restore(before.as_dict())
    assert after.as_dict() == before.as_dict()
    assert after.measured
    assert before.measured
    assert after.measured.as_dict() == before.measured.as_dict()
    assert after.watch.limits.age == 5


def test_record_of_an_earlier_release() -> None:
    """A record without alarms is restored."""
    before, after = ImageRecord(config()), ImageRecord(config())
    data = before.as_dict()
    del data["watch"]
    after.restore(data)
    assert after.watch.limits == before.watch.limits


def test_expected_mode_and_interruption_are_stored() -> None:
    """Both change how the next lines are placed, so both are stored."""
    images = ImageRecord(config())
    receive(images, FAST_IMAGE)
    before = images.as_dict()["assembler"]["locator"]
    images.expect_mode(Mode.SLOW)
    assert images.as_dict()["assembler"]["locator"]["told"] == ["slow"]
    images.interrupt()
    assert images.as_dict()["assembler"]["locator"] != before


def test_suspect_image_is_not_compared() -> None:
    """One that contradicts its own maximum says nothing of a drift."""
    images = ImageRecord(config(cells={"rows": 4, "columns": 3}))
    before = images.drift.as_dict()
    image = replace(thermal_image(bank(24, 5)), node_maximum=None)
    images.judge_ended(AssemblyResult(closed=(replace(image, suspect=True),)), 50)
    assert images.drift.as_dict() == before
    images.judge_ended(AssemblyResult(closed=(image,)), 50)
    assert images.drift.as_dict() != before


def test_only_images_that_have_ended() -> None:
    """Where the owner wants so, lines of the next image are shown only if they are hotter."""
    images = ImageRecord(config(picture={"only_ended": True}))
    receive(images, FAST_IMAGE - 1)
    assert images.shown is images.image
    images = ImageRecord(config(picture={"only_ended": True}))
    receive(images, FAST_IMAGE + 1)
    assert images.image is not images.measured
    assert images.shown is images.measured


def test_unseen_heat_without_an_image() -> None:
    """Before the first image has ended, the alarm has no entry in the log yet."""
    images = ImageRecord(config())
    images.judge_fan(FanReason.UNSEEN)
    assert images.watch.active(AlarmKind.UNSEEN_HEAT)
    assert list(images.journal.open) == []
    receive(images, FAST_IMAGE)
    assert LogKind.UNSEEN_HEAT in {alarm.kind for alarm in images.journal.open}
