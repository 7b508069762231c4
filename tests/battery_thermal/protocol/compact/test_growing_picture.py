"""Tests of a picture that receives messages in the compact format."""

from datetime import timedelta
import json

import numpy as np
import pytest

from custom_components.battery_thermal.model.evidence import Verdict
from custom_components.battery_thermal.protocol.compact.growing_picture import (
    LONGEST,
    GrowingPicture,
    facts_image,
)

from .pictures import BEGIN, facts_of, message, payload_of, picture, pixels_of


def test_whole_picture() -> None:
    """Every pixel is present, within the bound; extremes are exact."""
    sent = picture()
    image = GrowingPicture.begin(message(payload_of(sent, step=11))).image
    assert image.complete and image.present.all()
    assert np.abs(image.values - pixels_of(sent)).max() <= image.bound == 5
    assert (image.minimum, image.maximum) == (-1.5, 60.5)
    assert image.verdict is Verdict.CONSISTENT and not image.suspect
    assert not image.doubtful.any()


@pytest.mark.parametrize("quarter", range(4))
def test_one_quarter(quarter: int) -> None:
    """The pixels of the lattice are present, and always the hottest pixel."""
    sent = picture()
    image = GrowingPicture.begin(message(payload_of(sent, quarter))).image
    assert image.lines_expected == 4
    assert image.missing_lines == tuple({0, 1, 2, 3} - {quarter})
    assert image.values[3, 5] == 605 and image.present[3, 5]
    assert image.present.sum() == 192 + (quarter != 3)
    assert image.maximum == 60.5


def test_bound_is_the_largest_of_all_quarters() -> None:
    """Quarters may have different steps."""
    sent = picture()
    growing = GrowingPicture.begin(message(payload_of(sent, 0, step=5)))
    growing = growing.with_pixels(message(payload_of(sent, 3, step=21), 30, 1))
    assert growing.image.bound == 10
    assert growing.image.updated_at == BEGIN + timedelta(seconds=30)
    assert growing.has_quarter(3) and not growing.has_quarter(1)


@pytest.mark.parametrize(
    ("seconds", "f_cnt", "session", "belongs"),
    [
        (30, 1, "session", True),
        (3600, 16, "session", True),
        (-30, -1, "session", True),
        (30, 1, "", True),
        (3601, 1, "session", False),
        (30, 17, "session", False),
        (30, 1, "another", False),
    ],
)
def test_what_belongs(seconds: int, f_cnt: int, session: str, belongs: bool) -> None:
    """Session, frame counter and time distinguish two pictures with equal facts."""
    sent = picture()
    growing = GrowingPicture.begin(message(payload_of(sent, 0)))
    other = message(payload_of(sent, 1), seconds, f_cnt, session)
    assert growing.includes(other) is belongs


def test_other_facts_do_not_belong() -> None:
    """Another number, maximum or status is that of another picture."""
    growing = GrowingPicture.begin(message(payload_of(picture(), 0)))
    for other in (picture(1), picture(0, 606), picture(fan=True)):
        assert not growing.includes(message(payload_of(other, 1)))
    assert not growing.includes(message(payload_of(picture())))
    whole = GrowingPicture.begin(message(payload_of(picture())))
    assert not whole.includes(message(payload_of(picture(), 1)))


def test_clamped_pixels_are_over_the_range() -> None:
    """A pixel of 307.1 °C has that temperature or more."""
    image = GrowingPicture.begin(message(payload_of(picture(hottest=4000)))).image
    assert image.is_over_range
    assert np.argwhere(image.over_range).tolist() == [[3, 5]]


def test_facts_alone() -> None:
    """The image of a header has extremes and one pixel."""
    image = facts_image(message(facts_of(picture())))
    assert (image.minimum, image.maximum) == (-1.5, 60.5)
    assert image.present.sum() == 1
    assert facts_image(message(facts_of(picture(hottest=3071)))).is_over_range


def test_survives_a_restart() -> None:
    """The state is stored as JSON and restored."""
    growing = GrowingPicture.begin(message(payload_of(picture(), 2), f_cnt=7))
    restored = GrowingPicture.from_dict(json.loads(json.dumps(growing.as_dict())))
    assert restored.header == growing.header
    assert (restored.session, restored.f_cnt) == ("session", 7)
    assert restored.image.bound == growing.image.bound
    np.testing.assert_array_equal(restored.image.present, growing.image.present)
    assert restored.over_at == BEGIN + LONGEST
