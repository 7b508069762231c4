"""The bytes and figures of docs/node.md, held against the integration's own code."""

import re

import pytest

from custom_components.battery_thermal.lorawan.airtime import airtime
from custom_components.battery_thermal.lorawan.fair_use import FAIR_AIRTIME
from custom_components.battery_thermal.node.downlink import Settings, encode_downlink
from custom_components.battery_thermal.node.layout import Layout, Mode
from custom_components.battery_thermal.node.uplink import Line, decode_uplink
from custom_components.battery_thermal.options import fair_images

from .pages import REPOSITORY

PAGE = (REPOSITORY / "docs" / "node.md").read_text()
BANDWIDTH = 125_000


def test_sizes() -> None:
    """The table says how long the messages of each kind of image are."""
    rows = re.findall(r"^\| (slow|fast)\S* ?([^|]*) \| (.*) \|$", PAGE, re.MULTILINE)
    kinds = [
        (Layout.SLOW_24, Mode.SLOW),
        (Layout.SLOW_32, Mode.SLOW),
        (Layout.SLOW_24, Mode.FAST),
    ]
    for (_, _, cells), (layout, mode) in zip(rows[:3], kinds, strict=True):
        grid = layout.grid(mode)
        size = grid.values // 2 * 3 + 1
        assert cells.startswith(f"{grid.lines} | {grid.values} | {size}, {size + 3} |")


def test_uplinks() -> None:
    """The two messages of the example are an image as the page describes it."""
    first, last = [
        decode_uplink(bytes.fromhex(message))
        for message in re.findall(
            r"^\| \d \| -?\d.* \| `([0-9A-F ]+)` \|$", PAGE, re.MULTILINE
        )
    ]
    assert isinstance(first, Line)
    assert isinstance(last, Line)
    assert list(first.values) == [-15, *[210] * 7, *[211] * 8, *[212] * 8]
    hot = [*[214] * 3, 605, *[214] * 4]
    assert list(last.values) == [*[213] * 8, *hot, *[215] * 8]
    assert (last.minimum, last.maximum) == (-15, 605)
    assert not first.is_last
    assert (first.ambient, first.fan) == (21, False)


@pytest.mark.parametrize(
    ("said", "settings"),
    [
        ("fan off, fast, 50 °C", Settings(50, Mode.FAST, False)),
        ("fan off, slow, 55 °C", Settings(55, Mode.SLOW, False)),
        ("fan on, slow, -10 °C", Settings(-10, Mode.SLOW, True)),
    ],
)
def test_downlinks(said: str, settings: Settings) -> None:
    """The two bytes are those of the settings."""
    [row] = re.findall(rf"^\| {said}.* \| `(.*)` \|$", PAGE, re.MULTILINE)
    assert bytes.fromhex(row) == encode_downlink(settings)


def test_fair_share() -> None:
    """Each row of the table is what the integration itself counts with."""
    rows = re.findall(r"^\| \*\*SF(\d+)\*\* \| (.*) \|$", PAGE, re.MULTILINE)
    assert [int(factor) for factor, _ in rows] == list(range(7, 13))
    for text, cells in rows:
        factor = int(text)
        times = [
            f"{1000 * airtime(size, factor, BANDWIDTH):.0f} ms"
            for size in (37, 40, 49, 52)
        ]
        images = [
            str(fair_images(layout, mode, factor))
            for layout, mode in (
                (Layout.SLOW_24, Mode.SLOW),
                (Layout.SLOW_32, Mode.SLOW),
                (Layout.SLOW_24, Mode.FAST),
            )
        ]
        assert cells.split(" | ") == times + images


def test_sums() -> None:
    """What is said of a slow image and of a node that never pauses."""
    image = 23 * airtime(49, 7, BANDWIDTH) + airtime(52, 7, BANDWIDTH)
    day = 24 * 3600 / 25 * airtime(49, 7, BANDWIDTH)
    text = " ".join(PAGE.split())
    assert f"One slow image at SF7 takes {image:.2f} s" in text
    assert f"uses {day:.0f} s a day: {day / FAIR_AIRTIME:.1f} times its share" in text
