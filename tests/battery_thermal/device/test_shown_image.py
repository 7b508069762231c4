"""Which image people look at."""

from dataclasses import replace

import numpy as np

from custom_components.battery_thermal.device.shown_image import ShownImage
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.model.updating_image import UpdatingImage
from tests.battery_thermal.archive.test_database import image

SHOWN = ShownImage(only_ended=False)


def picture(maximum: int, *, lines: int = 24, minute: int = 0) -> ThermalImage:
    """Return an image with a highest value in tenths of a °C in its first line."""
    values = np.full((32, 24), 200, np.int16)
    values[5, 0] = maximum
    present = np.zeros(values.shape, np.bool_)
    present[:, :lines] = True
    return image(
        minute,
        values=values,
        present=present,
        missing_lines=tuple(range(lines, 24)),
        node_minimum=None,
        node_maximum=None,
        suspect=False,
        closed=lines == 24,
    )


def facts_of(maximum: int) -> ThermalImage:
    """Return the extremes of a picture of which no pixel but the hottest is known."""
    whole = picture(maximum, minute=5)
    present = np.zeros(whole.values.shape, np.bool_)
    present[5, 0] = True
    return replace(whole, present=present, node_minimum=200, node_maximum=maximum)


def test_before_the_first_image_has_ended() -> None:
    """The lines that have arrived are shown, if there are any."""
    assert SHOWN.choose(None, None, None) is None
    newest = picture(300, lines=3)
    assert SHOWN.choose(newest, None, facts_of(900)) is newest


def test_lines_over_the_last_image() -> None:
    """They are shown at once, or only if they may be hotter."""
    ended, cooler, hotter = picture(300), picture(290, lines=3), picture(311, lines=3)
    assert SHOWN.choose(ended, ended, None) is ended
    updating = SHOWN.choose(cooler, ended, None)
    assert isinstance(updating, UpdatingImage) and updating.maximum == 30.0
    assert SHOWN.choose(cooler, ended, None) is updating
    only_ended = ShownImage(only_ended=True)
    assert only_ended.choose(cooler, ended, None) is ended
    shown = only_ended.choose(hotter, ended, None)
    assert shown is not None and shown.maximum == 31.1


def test_facts_alone() -> None:
    """The hottest pixel is drawn over the last picture if it is hotter than all of it."""
    ended, growing = picture(300), picture(400, lines=3)
    for only_ended in (False, True):
        shown = ShownImage(only_ended=only_ended)
        assert shown.choose(ended, ended, facts_of(290)) is ended
        # The sensor's noise is no heat.
        assert shown.choose(ended, ended, facts_of(305)) is ended
        hot = shown.choose(ended, ended, facts_of(900))
        assert isinstance(hot, UpdatingImage) and hot.maximum == 90.0
        assert np.count_nonzero(hot.values != ended.values) == 1
        # Also while another picture is under way.
        hot = shown.choose(growing, ended, facts_of(900))
        assert isinstance(hot, UpdatingImage) and hot.maximum == 90.0
        hot = shown.choose(growing, ended, facts_of(350))
        assert isinstance(hot, UpdatingImage) and hot.maximum == 40.0
