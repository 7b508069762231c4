"""Tests of temperatures above the range of values, which wrap to lower ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from custom_components.battery_thermal.model.evidence import (
    Verdict,
    find_doubtful,
    is_suspect,
    judge,
    resolve,
)
from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.model.value_range import HIGHEST, unwrapped
from custom_components.battery_thermal.protocol.layout import Layout
from custom_components.battery_thermal.thermal.analysis import extreme_pixels
from custom_components.battery_thermal.thermal.correction import Correction
from custom_components.battery_thermal.thermal.watch import AlarmKind, Watch
from simulator.thermal_model import ThermalModel, blur
from tests.battery_thermal.thermal.scenes import TIME

BANKS = (-20, 0, 25, 60)
SPOTS = (*np.arange(-40, 601, 1.0), 307.11, 307.21, 369.51, 369.61, 409.51, 409.61)
PLACE = (17, 9)


def bank(celsius: float) -> np.ndarray:
    """Return a picture of a bank with a temperature and the sensor's noise."""
    return np.random.default_rng(3).normal(celsius, 0.1, (32, 24))


def spot(usual: float, celsius: float, *, blurred: bool) -> np.ndarray:
    """Return a picture with one pixel of a temperature, sharp or blurred by a lens."""
    frame = bank(usual)
    excess = np.zeros_like(frame)
    excess[PLACE] = celsius - usual
    if blurred:
        excess = blur(excess)
        # The sensor reads that temperature in the centre of the blurred spot.
        excess *= (celsius - usual) / (excess[PLACE] or 1.0)
    return np.asarray(np.where(excess == 0, frame, usual + excess))


def sent(
    frame: np.ndarray, mode: Mode, *, missing: tuple[int, ...] = ()
) -> ThermalImage:
    """Return the image that results from what a node sends of a picture."""
    grid = Layout.SLOW_24.grid(mode)
    pixels = np.trunc(frame * 10).astype(int)
    field = pixels if mode is Mode.SLOW else blocks(pixels)
    values = WIRE[field & 0xFFF]
    minimum, maximum = wire(pixels.min()), wire(pixels.max())
    present = np.ones(values.shape, np.bool_)
    for line in missing:
        present[grid.area(line)] = False
    last = grid.lines - 1 not in missing
    resolved: int | None = maximum
    if last:
        values, resolved = resolve(values, present, minimum, maximum)
    image = ThermalImage(
        values=values,
        present=present,
        mode=mode,
        lines_expected=grid.lines,
        missing_lines=missing,
        started_at=TIME,
        updated_at=TIME,
        closed=True,
        node_minimum=minimum if last else None,
        node_maximum=resolved if last else None,
    )
    return replace(image, suspect=is_suspect(image))


def blocks(pixels: np.ndarray) -> np.ndarray:
    """Return the maxima of 4 x 4 pixels."""
    maxima: np.ndarray = pixels.reshape(8, 4, 6, 4).max(axis=(1, 3))
    return maxima


def wire(tenths: int) -> int:
    """Return the value that is received for a sent value."""
    low = int(tenths) & 0xFFF
    return unwrapped(low - 0x1000 if low >= 0xC00 else low)


WIRE = np.array([wire(low) for low in range(0x1000)], np.int16)
"""The value that is received, by the lowest twelve bits of a sent one."""


def alarm(image: ThermalImage, threshold: float | None) -> bool:
    """Return whether an image raises the alarm of its threshold."""
    watch = Watch(())
    watch.evaluate(image, threshold, timedelta(minutes=30))
    return bool(watch.active(AlarmKind.OVER_THRESHOLD))


def known_by_the_fan_only(frame: np.ndarray, mode: Mode, threshold: float) -> bool:
    """Return whether only the fan shows a wrapped maximum.

    It is as high as all other pixels and not above the threshold, so no rule can
    distinguish it from a true value, as the documentation says.
    """
    pixels = np.trunc(frame * 10).astype(int)
    seen = pixels if mode is Mode.SLOW else blocks(pixels)
    wrapped = pixels.max() - 4096
    others = seen[seen != pixels.max()]
    # Two images of the same scene may differ by this amount.
    return bool(others.max() - 100 < wrapped <= 10 * threshold)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("blurred", [False, True])
@pytest.mark.parametrize("usual", BANKS)
def test_every_temperature(usual: float, mode: Mode, *, blurred: bool) -> None:
    """A temperature above the threshold raises an alarm, or only the fan shows it."""
    threshold = 70.0
    for celsius in SPOTS:
        frame = spot(usual, celsius, blurred=blurred)
        image = sent(frame, mode)
        hot = frame.max() >= threshold + 0.1
        raised = alarm(image, threshold)
        if hot and not raised:
            assert known_by_the_fan_only(frame, mode, threshold), celsius
        assert hot or not raised, celsius
        if celsius < 307.15:
            assert not image.suspect, celsius
            assert not image.is_over_range, celsius
            assert image.maximum == pytest.approx(frame.max(), abs=0.11)
        elif celsius < 409.6 + min(usual, 0) - 1:
            assert image.is_over_range, celsius
            assert image.maximum == pytest.approx(celsius, abs=0.11)
            assert image.minimum == pytest.approx(
                frame.min(), abs=0.5 if mode is Mode.SLOW else 1
            )


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("blurred", [False, True])
@pytest.mark.parametrize("usual", BANKS)
def test_every_temperature_without_the_last_line(
    usual: float, mode: Mode, *, blurred: bool
) -> None:
    """Nothing cold raises an alarm, and a cold hole is doubtful."""
    lines = Layout.SLOW_24.grid(mode).lines
    for celsius in SPOTS:
        frame = spot(usual, celsius, blurred=blurred)
        image = sent(frame, mode, missing=(lines - 1,))
        raised = alarm(image, 250)
        assert image.hides_heat is bool(image.doubtful.any())
        if raised and celsius > -15 + usual:
            assert celsius > 250, celsius
        if 307.2 <= celsius < 369.6:
            assert raised
            assert image.is_over_range
        if 369.6 <= celsius < 409.6 and usual >= 25:
            assert raised, celsius
            assert image.suspect
        if (
            blurred
            and mode is Mode.SLOW
            and celsius >= 409.6
            and usual + 1 > celsius - 409.6
        ):
            assert raised, celsius
            assert image.suspect


def scenes() -> Iterator[np.ndarray]:
    """Yield pictures that are not hot but may look like a wrapped value."""
    for usual in BANKS:
        yield bank(usual)
        for room in (-15.0, 5.0, 21.0, 40.0):
            yield ThermalModel(int(room) + 90, room=room, rows=8, columns=6).frame(9e3)
    corner = bank(25)
    corner[0, 0] = -12.4
    yield corner
    window = bank(20)
    window[4:20, :6] = 0.0
    yield window
    window[4:20, :6] = -9.0
    yield window
    frost = bank(20)
    frost[:, 0] = -5.0
    yield frost
    yield np.linspace(-30, 30, 768).reshape(32, 24)
    yield np.linspace(-38, 250, 768).reshape(24, 32).T
    gap = bank(25)
    gap[10:20, 5:8], gap[10:20, 9:12] = 60.0, 60.0
    yield gap


@pytest.mark.parametrize("mode", Mode)
def test_ordinary_scenes_raise_nothing(mode: Mode) -> None:
    """Cold batteries, frost, a window, gradients and gaps between hot cells raise no alarm."""
    for number, frame in enumerate(scenes()):
        image = sent(frame, mode)
        assert not image.suspect, number
        assert not image.hides_heat, number
        assert not image.is_over_range, number
        assert not alarm(image, 290), number


def test_scenes_without_a_last_line_raise_nothing() -> None:
    """They raise no alarm before the node's own minimum is known."""
    for number, frame in enumerate(scenes()):
        assert not sent(frame, Mode.SLOW, missing=(23,)).suspect, number


def test_cold_spot_waits_for_the_last_line() -> None:
    """A single cold pixel may have 397 °C until the node's own minimum excludes that."""
    frame = bank(25)
    frame[PLACE] = -12.4
    part = sent(frame, Mode.SLOW, missing=(23,))
    assert part.suspect
    assert alarm(part, 50)
    assert np.argwhere(part.doubtful).tolist() == [list(PLACE)]
    whole = sent(frame, Mode.SLOW)
    assert not whole.suspect
    assert not alarm(whole, 50)


def test_noise_raises_nothing() -> None:
    """Uncorrelated pixels are no wrapped values, however few there are."""
    random = np.random.default_rng(1)
    for mode in Mode:
        grid = Layout.SLOW_24.grid(mode)
        for _ in range(100):
            frame = random.integers(-400, 3000, (32, 24)) / 10
            arrived = random.integers(1, grid.lines)
            missing = tuple(range(int(arrived), grid.lines))
            assert not sent(frame, mode, missing=missing).suspect


@pytest.mark.parametrize("mode", Mode)
def test_hottest_line_is_lost(mode: Mode) -> None:
    """The node's own maximum raises the alarm nevertheless."""
    frame = bank(25)
    frame[5, 2] = 390.0
    image = sent(frame, mode, missing=(2,) if mode is Mode.SLOW else (0,))
    assert image.maximum == 390.0
    assert image.is_over_range
    assert alarm(image, 50)


def test_two_wrapped_spots_and_a_hot_one() -> None:
    """One wraps to below the minimum, one to an ordinary value; the third one is true."""
    frame = bank(25)
    frame[3, 3], frame[20, 20], frame[9, 9] = 380.0, 440.0, 100.0
    image = sent(frame, Mode.SLOW)
    assert image.verdict is Verdict.WRAPPED
    assert image.suspect
    assert set(zip(*np.nonzero(image.doubtful), strict=True)) == {(3, 3), (20, 20)}
    assert alarm(image, 200)
    assert alarm(image, None)


def test_mixed_lines_are_no_heat() -> None:
    """A pixel a little above the node's maximum is of another image."""
    image = sent(bank(25), Mode.SLOW)
    values = image.values.copy()
    values[4, 4] += 20
    mixed = replace(image, values=values)
    assert mixed.verdict is Verdict.MIXED
    assert is_suspect(mixed)
    assert not mixed.hides_heat
    assert not alarm(mixed, 50)


def test_dead_pixel_may_read_anything() -> None:
    """A dead pixel makes no image suspect, raises no alarm and changes no neighbour."""
    alive = sent(bank(25), Mode.SLOW)
    correction = Correction(dead_pixels=(PLACE,))
    for celsius in (-300.0, -40.0, -12.0, 60.0, 299.0, 320.0, 397.2, 450.0, 700.0):
        frame = bank(25)
        frame[PLACE] = celsius
        image = correction.apply(sent(frame, Mode.SLOW), 20)
        assert not image.suspect, celsius
        assert not image.hides_heat
        assert not image.is_over_range
        assert not alarm(image, 50)
        assert image.maximum == alive.maximum
        others = np.ones((32, 24), bool)
        others[PLACE] = False
        assert (image.values[others] == alive.values[others]).all()


def test_dead_pixel_hides_no_other_heat() -> None:
    """A wrapped spot beside a dead pixel that reads cold or hot is detected."""
    correction = Correction(dead_pixels=((0, 0),))
    for dead in (-40.0, 299.0):
        for celsius in (320.0, 397.2, 440.0):
            frame = spot(25, celsius, blurred=True)
            frame[0, 0] = dead
            image = correction.apply(sent(frame, Mode.SLOW), 20)
            assert alarm(image, 70), (dead, celsius)


@pytest.mark.parametrize(
    "correction", [Correction(offset=-20), Correction(emissivity=1.0), Correction(5)]
)
def test_correction_keeps_what_is_over_range(correction: Correction) -> None:
    """After a correction a value over the range is at least 307.2 °C, and marked."""
    frame = spot(25, 308.0, blurred=False)
    image = correction.apply(sent(frame, Mode.SLOW), 20)
    assert image.maximum >= (HIGHEST + 1) / 10
    assert image.is_over_range
    assert image.over_range.sum() == 1
    assert image.over_range[PLACE]
    assert extreme_pixels(image, Orientation())[0] == PLACE


def test_what_a_correction_makes_hot_is_in_range() -> None:
    """A true value of 280 °C that emissivity raises is hotter, but not over the range."""
    frame = spot(25, 280.0, blurred=False)
    image = Correction(emissivity=0.5).apply(sent(frame, Mode.SLOW), 20)
    assert image.maximum > 320
    assert not image.is_over_range


def test_alarm_without_a_threshold() -> None:
    """A value over the range is over any threshold; the alarm ends with an ordinary image."""
    watch = Watch(())
    gap = timedelta(minutes=30)

    def see(frame: np.ndarray, missing: tuple[int, ...] = ()) -> bool | None:
        watch.evaluate(sent(frame, Mode.SLOW, missing=missing), None, gap)
        return watch.active(AlarmKind.OVER_THRESHOLD)

    assert see(spot(25, 200, blurred=False)) is None
    assert see(spot(25, 320, blurred=False)) is True
    watch.threshold_forgotten()
    assert watch.active(AlarmKind.OVER_THRESHOLD) is True
    assert see(bank(25), (9, 23)) is True
    assert see(bank(25)) is None
    watch.threshold_forgotten()
    assert watch.active(AlarmKind.OVER_THRESHOLD) is None


def test_images_stored_by_earlier_releases() -> None:
    """They have the pixels as received, and are read like by today's decoder."""
    image = sent(bank(25), Mode.SLOW)
    stored = image.as_dict()
    stored["values"][17][9] = -405
    stored["node_maximum"] = -405
    again = ThermalImage.from_dict(stored)
    assert again.maximum == 369.1
    assert again.is_over_range
    assert ThermalImage.from_dict(again.as_dict()).as_dict() == again.as_dict()


def test_wrapped_beside_a_dead_pixel() -> None:
    """The pixel with the value of the maximum is doubtful, whatever the minimum is."""
    image = sent(bank(25), Mode.SLOW)
    values = image.values.copy()
    values[PLACE] = 100
    # A minimum above the maximum is that of a dead pixel, and is not used.
    wrapped = replace(image, values=values, node_minimum=300, node_maximum=100)
    assert judge(wrapped) is Verdict.WRAPPED
    assert np.argwhere(find_doubtful(wrapped)).tolist() == [list(PLACE)]
