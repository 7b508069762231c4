"""Tests of the settings that are recorded over time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

import pytest

from custom_components.battery_thermal.archive import SettingsChange
from custom_components.battery_thermal.device.settings_in_force import (
    AreaSettings,
    SettingsHistory,
    SettingsInForce,
    read_settings,
)
from custom_components.battery_thermal.thermal.limits import Limits

NOW = datetime(2026, 3, 1, tzinfo=UTC)

SETTINGS = SettingsInForce(
    limits=Limits(imbalance_warning=4.5),
    compares=True,
    silent_after=None,
    offset=-1.25,
    emissivity=0.9,
    dead_pixels=((3, 4), (5, 6)),
    ignored=("Lamp",),
    areas=(AreaSettings("Lug", highest=60.0), AreaSettings("<b>", alarm=3.0)),
)


def test_as_text() -> None:
    """A text says all of it, exactly, and others say others."""
    text = SETTINGS.as_text()
    assert read_settings(text) == SETTINGS
    assert replace(SETTINGS, offset=-1.2500001).as_text() != text
    silent = replace(SETTINGS, silent_after=90.0, areas=(), dead_pixels=())
    assert read_settings(silent.as_text()) == silent


@pytest.mark.parametrize(
    "change",
    [
        {"limits": {"imbalance_warning": "high"}},
        {"limits": {"unknown": 1}},
        {"limits": []},
        {"offset": float("nan")},
        {"emissivity": None},
        {"silent_after": 1e999},
        {"dead_pixels": [[1]]},
        {"dead_pixels": 7},
        {"areas": [{"highest": 3}]},
        {"areas": [{"name": "Lug", "colour": 3}]},
        {"areas": ["Lug"]},
        {"ignored": 1},
    ],
)
def test_damaged(change: dict[str, Any]) -> None:
    """What cannot be read is nothing."""
    said = json.loads(SETTINGS.as_text())
    assert read_settings(json.dumps(said | change)) is None


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "7", "[" * 100_000])
def test_no_settings(text: str) -> None:
    """A text that says something else is nothing."""
    assert read_settings(text) is None


def test_what_a_later_release_leaves_out() -> None:
    """A limit that is not there has its default."""
    said = json.loads(SETTINGS.as_text())
    del said["limits"]["age"]
    assert read_settings(json.dumps(said)) == SETTINGS


def test_history() -> None:
    """Changes are taken once, but for the last one, which is in force."""
    current = SETTINGS
    history = SettingsHistory(lambda: current)
    assert history.take() == ()
    history.note(NOW)
    history.note(NOW + timedelta(hours=1))
    first = (NOW, SETTINGS.as_text())
    assert history.take() == history.take() == (first,)
    current = replace(SETTINGS, offset=2.0)
    history.note(NOW + timedelta(hours=2))
    current = replace(SETTINGS, offset=3.0)
    history.note(NOW + timedelta(hours=3))
    taken = history.take()
    assert [since for since, _ in taken] == [
        NOW,
        NOW + timedelta(hours=2),
        NOW + timedelta(hours=3),
    ]
    assert history.take() == taken[-1:]


def test_changes_that_the_archive_has_not_yet() -> None:
    """They follow those of the archive, once each, and only those of the span."""
    hours = [NOW + timedelta(hours=hour) for hour in range(6)]
    texts = [replace(SETTINGS, offset=float(n)).as_text() for n in range(6)]
    current = SETTINGS
    history = SettingsHistory(lambda: current)
    for hour in (1, 2, 3):
        current = replace(SETTINGS, offset=float(hour))
        history.note(hours[hour])
    noted = [SettingsChange(hours[n], texts[n]) for n in range(6)]
    assert history.with_these([], hours[0], hours[5]) == noted[1:4]
    assert history.with_these([], hours[2], hours[5]) == noted[2:4]
    assert history.with_these([], hours[5], hours[5]) == noted[3:4]
    assert history.with_these([], hours[0], hours[2]) == noted[1:3]
    assert history.with_these(noted[:3], hours[0], hours[5]) == noted[:4]
    # Set back meanwhile: what is in force already is no change.
    same = SettingsChange(hours[0], texts[1])
    assert history.with_these([same], hours[0], hours[1]) == [same]
