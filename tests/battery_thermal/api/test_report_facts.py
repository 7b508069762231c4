"""Tests of the tables of settings and limits in a report."""

from dataclasses import replace
from datetime import timedelta

from custom_components.battery_thermal.api.report_facts import tables
from custom_components.battery_thermal.archive import SettingsChange
from custom_components.battery_thermal.device.settings_in_force import (
    AreaSettings,
    SettingsInForce,
)
from custom_components.battery_thermal.thermal.limits import Limits
from tests.battery_thermal.render.test_report import report, summary
from tests.battery_thermal.thermal.scenes import TIME

SETTINGS = SettingsInForce(
    limits=Limits(),
    compares=False,
    silent_after=None,
    offset=0.0,
    emissivity=0.95,
    dead_pixels=(),
    ignored=(),
    areas=(),
)
HOUR = timedelta(hours=1)


def found(*changes: SettingsInForce | str) -> list[tuple[str, dict[str, str]]]:
    """Return the tables of changes, an hour apart from the beginning on."""
    noted = [
        SettingsChange(
            TIME + hour * HOUR, change if isinstance(change, str) else change.as_text()
        )
        for hour, change in enumerate(changes)
    ]
    tried = tables(report(summary()), noted, TIME, SETTINGS)
    return [(when, dict(rows)) for when, rows in tried]


def test_what_areas_have_of_their_own() -> None:
    """Each value is there if the area has it, and no other."""
    for area, text in (
        (AreaSettings("Lug", highest=60.0), "at most 60.0 °C"),
        (AreaSettings("Lug", warning=3.5), "warning above 3.5 K"),
        (AreaSettings("Lug", alarm=5.0), "alarm above 5.0 K"),
        (AreaSettings("Lug", emissivity=0.8), "emissivity 0.80"),
    ):
        ((_, rows),) = found(replace(SETTINGS, areas=(area,)))
        assert rows["Of its own: Lug"] == text


def test_nothing_is_said_twice() -> None:
    """A change that no reader sees, and a damaged one, are none."""
    parts = found(
        SETTINGS,
        replace(SETTINGS, offset=0.001),
        "damaged",
        replace(SETTINGS, silent_after=30.0),
    )
    assert [when for when, _ in parts] == [
        "In force at the beginning",
        f"Changed on {TIME + 3 * HOUR:%Y-%m-%d %H:%M}",
    ]
    assert parts[1][1] == {"Node silent after": "30 min"}


def test_without_a_record() -> None:
    """The settings of now are there, and said to be those."""
    for changes in ((), ("damaged",)):
        ((when, rows),) = found(*changes)
        assert when == "When this was written; not recorded in this period"
        assert rows["Image too old after"] == "60 min"
