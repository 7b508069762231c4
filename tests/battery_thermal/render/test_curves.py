"""Tests of curves as SVG."""

from datetime import UTC, datetime
import re
from xml.etree import ElementTree as ET

from custom_components.battery_thermal.render.curves import StyledTrack, curve_svg
from custom_components.battery_thermal.render.scale import written_number
from custom_components.battery_thermal.thermal.summary import Track

TIME = datetime(2026, 1, 1, tzinfo=UTC)


def track(**points: float) -> Track:
    """Return a track with values at parts, as `p3=20.0`."""
    found = Track()
    for part, value in points.items():
        found.add_value(int(part[1:]), TIME, value)
    return found


def written(value: float, decimals: int) -> str:
    """Return a number as it is written in French."""
    return written_number(value, decimals, "fr")


def test_gaps_are_gaps() -> None:
    """A part without an image is drawn over, more are not; a single one is a dot."""
    line = StyledTrack(track(p0=20, p1=21, p3=22, p10=23, p20=24, p21=25), "hot")
    drawn = curve_svg([line], "°C", written, "Cell <1>", ("a", "b & c"))
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 1
    first = re.findall(r'<polyline class="hot" points="(.*?)"', drawn)[0]
    assert len(first.split()) == 3
    # It is well-formed, whatever its label is.
    assert ET.fromstring(drawn).get("aria-label") == "Cell <1>"  # noqa: S314


def test_units() -> None:
    """The axis is in the unit; ticks of a few tenths are written as in the language."""
    line = StyledTrack(track(p0=20, p1=20.1), "hot")
    celsius = curve_svg([line], "°C", written, "", ("", ""))
    fahrenheit = curve_svg([line], "°F", written, "", ("", ""))
    assert ">20<" in celsius
    assert ">19,5<" in celsius
    assert ">68<" in fahrenheit


def test_nothing_to_draw() -> None:
    """Without a value there is no drawing."""
    assert curve_svg([StyledTrack(Track(), "hot")], "°C", written, "", ("", "")) == ""
