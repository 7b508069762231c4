"""Tests of how the values of a report are written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.battery_thermal.render.report_values import Report

TIME = datetime(2026, 3, 1, 12, 30, 45, tzinfo=UTC)


def report(language: str = "en", unit: str = "°C", **texts: str) -> Report:
    """Return a report without content."""
    unused: Any = None
    return Report(
        title="Garage",
        summary=unused,
        made_at=TIME,
        language=language,
        unit=unit,
        texts=texts,
        over_text="over {value}",
        settings=(),
        drifts=(),
        alarms=(),
        kinds={},
        levels={},
        modes={},
        local=lambda time: time + timedelta(hours=1),
    )


@pytest.mark.parametrize(
    ("language", "value", "decimals", "written"),
    [
        ("en", 21.26, 1, "21.3"),
        ("fr", 21.26, 1, "21,3"),
        ("pt-BR", -1.5, 1, "-1,5"),
        ("de", 21.26, 0, "21"),
        ("en", -0.04, 1, "0.0"),
    ],
)
def test_number(language: str, value: float, decimals: int, written: str) -> None:
    """Decimals are those of the language, and zero has no sign."""
    assert report(language).number(value, decimals) == written


def test_units() -> None:
    """Temperatures and differences are in the unit of the house."""
    assert report().temperature(20) == "20.0 °C"
    assert report().difference(5) == "5.0 K"
    assert report(unit="°F").temperature(20) == "68.0 °F"
    # Whole °C may be tenths of a °F, as the cards write them.
    assert report(unit="°F").whole(38) == "100.4 °F"
    assert report(unit="°F").whole(50) == "122 °F"
    assert report().whole(38) == "38 °C"
    assert report(unit="°F").difference(5) == "9.0 °F"


def test_times() -> None:
    """Times are local ones without seconds, durations are rounded to a minute."""
    assert report().time(TIME) == "2026-03-01 13:30"
    assert (
        report().duration(timedelta(hours=26, minutes=4, seconds=40)) == "26 h 05 min"
    )


def test_texts() -> None:
    """A heading is escaped, a text has its values."""
    filled = report(areas="<Areas>", cells="{count} cells")
    assert filled.heading("areas") == "<h2>&lt;Areas&gt;</h2>"
    assert filled.text("cells", count="12") == "12 cells"
