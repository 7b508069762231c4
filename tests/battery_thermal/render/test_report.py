"""Tests of the page of a report: what it says where little is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
from typing import Any

from custom_components import battery_thermal
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.render.report import report_page
from custom_components.battery_thermal.render.report_values import Report
from custom_components.battery_thermal.thermal.cells import CellGrid
from custom_components.battery_thermal.thermal.summary import Summary
from tests.battery_thermal.thermal.scenes import TIME, bank, thermal_image

TEXTS = json.loads(
    (Path(battery_thermal.__file__).parent / "translations" / "en.json").read_text()
)["config_panel"]


def report(summary: Summary, **changes: Any) -> Report:
    """Return the report of a summary, in English and °C."""
    values: dict[str, Any] = {
        "title": "Bank",
        "made_at": TIME,
        "language": "en",
        "unit": "°C",
        "texts": TEXTS["report"],
        "over_text": TEXTS["picture"]["over"],
        "settings": (),
        "drifts": (),
        "alarms": (),
        "kinds": {},
        "levels": {},
        "modes": {"slow": "Slow", "fast": "Fast"},
        "local": lambda time: time,
    }
    return Report(summary=summary, **values | changes)


def summary(*images: ArchivedImage, grid: CellGrid | None = None) -> Summary:
    """Return the summary of some images."""
    cells = grid.areas(Orientation()) if grid else ()
    found = Summary(TIME, TIME + timedelta(days=1), cells)
    for image in images:
        found.add_image(image)
    return found


def test_one_image_that_says_nothing() -> None:
    """It is counted; there is no value, and no part without content."""
    suspect = replace(thermal_image(bank(24, 5)), suspect=True)
    only = ArchivedImage(suspect, None, None, None)
    written = report_page(report(summary(only, grid=CellGrid(2, 1))))
    assert "<td>1</td>" in written
    for absent in ("Coldest</th>", "Ambient temperature</th>", "Longest time", "<img"):
        assert absent not in written
    assert '<td class="n">–<small></small></td>' in written
    assert "<svg" not in written


def test_without_cells() -> None:
    """There is the picture as a whole."""
    only = ArchivedImage(thermal_image(bank(24, 5)), 20, False, 50)
    written = report_page(report(summary(only), picture=b"png"))
    assert "Areas" not in written
    assert "<svg" in written
    assert "cG5n" in written


def test_names_are_text() -> None:
    """Whatever a stranger has written into a name, a note or a setting."""
    bad = "<script>alert(1)</script>\"'&"
    written = report_page(
        report(
            summary(
                ArchivedImage(thermal_image(bank(24, 5)), 20, False, 50),
                grid=CellGrid(1, 2, names=(bad, "</svg><img src=x>")),
            ),
            title=bad,
            language='"><script>',
            settings=[(bad, [(bad, bad)])],
            drifts=[bad],
        )
    )
    assert "<script" not in written
    assert "<img src=x" not in written
    assert written.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 6


def test_numbers() -> None:
    """In the language, and never minus zero."""
    blank = report(summary())
    assert blank.number(-0.04) == "0.0"
    assert blank.number(1234.56) == "1234.6"
    french = replace(blank, language="pt-BR")
    assert french.temperature(20.5) == "20,5 °C"
    assert blank.duration(timedelta(hours=30, minutes=5)) == "30 h 05 min"
    assert blank.time(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "2026-01-02 03:04"
