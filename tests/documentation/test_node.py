"""Tests of the bytes and figures of docs/node.md with the integration's own code."""

import re

import numpy as np
import pytest

from custom_components.battery_thermal.device.entry_options import images_a_day
from custom_components.battery_thermal.lorawan.airtime import airtime
from custom_components.battery_thermal.lorawan.the_things_stack.server_type import (
    FAIR_USE,
)
from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.compact import CompactMessage
from custom_components.battery_thermal.protocol.downlink import (
    Settings,
    encode_downlink,
)
from custom_components.battery_thermal.protocol.formats import decode_uplink
from custom_components.battery_thermal.protocol.layout import Layout
from custom_components.battery_thermal.protocol.uplink import Line

from .pages import REPOSITORY

PAGE = (REPOSITORY / "docs" / "node.md").read_text()
BANDWIDTH = 125_000


def test_sizes() -> None:
    """The table has the lengths of the messages of each kind of image."""
    rows = re.findall(r"^\| (slow|fast)\S* ?([^|]*) \| (.*) \|$", PAGE, re.MULTILINE)
    layouts = Layout.AUTO.candidates
    grids = [layout.grid(Mode.SLOW) for layout in layouts]
    grids.append(layouts[0].grid(Mode.FAST))
    for (_, _, cells), grid in zip(rows[: len(grids)], grids, strict=True):
        size = grid.values // 2 * 3 + 1
        assert cells.startswith(f"{grid.lines} | {grid.values} | {size}, {size + 3} |")


def test_uplinks() -> None:
    """The two messages of the example are an image as described."""
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
    """The two bytes encode the settings of the example."""
    [row] = re.findall(rf"^\| {said}.* \| `(.*)` \|$", PAGE, re.MULTILINE)
    assert bytes.fromhex(row) == encode_downlink(settings)


def test_compact_messages() -> None:
    """The messages of the example have the described content."""
    rows = dict(
        re.findall(
            r"^\| (whole, step 5|quarter \d, step 11|facts alone) \| `([0-9A-F ]+)` \|$",
            PAGE,
            re.MULTILINE,
        )
    )
    assert len(rows) == 4
    for said, text in rows.items():
        message = decode_uplink(bytes.fromhex(text))
        assert isinstance(message, CompactMessage)
        header = message.header
        assert (header.minimum, header.maximum, header.position) == (-15, 605, (3, 5))
        assert (header.fan, header.ambient, header.number) == (False, 21, 2)
        if message.values is None:
            assert said == "facts alone"
            continue
        sent = np.full((32, 24), 210)
        sent[0, 0], sent[3, 5], sent[3, 6] = -15, 605, 412
        assert f"step {header.step}" in said
        assert np.abs(message.values - sent[header.lattice]).max() <= header.bound


def test_compact_figures() -> None:
    """The page and README have the measured figures."""
    figures = (REPOSITORY / "docs" / "figures.md").read_text()
    readme = (REPOSITORY / "README.md").read_text()
    measured = {
        (int(factor), way.partition(" (")[0]): (int(a_day), rmse)
        for factor, way, a_day, rmse in re.findall(
            r"^\| SF(\d+), .* \| real \| compact, (.*?) \| \d+ \| .*? s \| (\d+) \|.*\| ([\d.]+) K \|$",
            figures,
            re.MULTILINE,
        )
    }
    for factor, way in ((7, "1 message"), (9, "1 message"), (10, "4 quarters")):
        a_day, rmse = measured[factor, way]
        assert f"**{a_day} a day**" in PAGE
        assert re.search(rf"\| SF{factor}.* \| {a_day} \|.* \| {rmse} K \|", readme)


def test_fair_share() -> None:
    """Each row of the table equals the integration's own calculation."""
    rows = re.findall(r"^\| \*\*SF(\d+)\*\* \| (.*) \|$", PAGE, re.MULTILINE)
    assert [int(factor) for factor, _ in rows] == list(range(7, 13))
    for text, cells in rows:
        factor = int(text)
        times = [
            f"{1000 * airtime(size, factor, BANDWIDTH):.0f} ms"
            for size in (37, 40, 49, 52)
        ]
        images = [
            str(images_a_day(FAIR_USE, layout, mode, factor))
            for layout, mode in (
                (Layout.SLOW_24, Mode.SLOW),
                (Layout.SLOW_32, Mode.SLOW),
                (Layout.SLOW_24, Mode.FAST),
            )
        ]
        assert cells.split(" | ") == times + images


def test_sums() -> None:
    """The sums for a slow image and for a node without pauses are correct."""
    image = 23 * airtime(49, 7, BANDWIDTH) + airtime(52, 7, BANDWIDTH)
    day = 24 * 3600 / 25 * airtime(49, 7, BANDWIDTH)
    text = " ".join(PAGE.split())
    assert f"One slow image at SF7 takes {image:.2f} s" in text
    assert (
        f"uses {day:.0f} s a day: {day / FAIR_USE.airtime:.1f} times its share" in text
    )
