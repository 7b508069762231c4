"""Tests of what entities say of an alarm of the log."""

from datetime import UTC, datetime

import pytest

from custom_components.battery_thermal.alarm_values import alarm_values
from custom_components.battery_thermal.thermal.alarm_kinds import Level, LogKind
from custom_components.battery_thermal.thermal.logged_alarm import LoggedAlarm
from homeassistant.core import HomeAssistant
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

SINCE = datetime(2026, 3, 4, tzinfo=UTC)


def alarm(
    kind: LogKind, peak: float | None, *, over_range: bool = False
) -> LoggedAlarm:
    """Return an alarm of cell C2."""
    return LoggedAlarm(
        kind=kind,
        level=Level.ALARM,
        since=SINCE,
        area="C2",
        peak=peak,
        over_range=over_range,
    )


@pytest.mark.parametrize(
    ("kind", "peak", "value", "unit"),
    [
        (LogKind.OVER_THRESHOLD, 50.0, 122.0, "°F"),
        (LogKind.IMBALANCE, 5.0, 9.0, "°F"),
        (LogKind.RISE, 2.0, 3.6, "°F/min"),
        (LogKind.RISE, None, None, None),
        (LogKind.SILENT, 5.0, None, None),
    ],
)
async def test_unit(
    hass: HomeAssistant,
    kind: LogKind,
    peak: float | None,
    value: float | None,
    unit: str | None,
) -> None:
    """A temperature is converted with an offset, a difference and a rate without."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    values = alarm_values(hass, alarm(kind, peak))
    assert values == {"area": "C2", "value": value, "unit": unit}


async def test_over_range(hass: HomeAssistant) -> None:
    """What the node cannot say is said in words."""
    values = alarm_values(hass, alarm(LogKind.OVER_THRESHOLD, 307.2, over_range=True))
    assert values == {
        "area": "C2",
        "value": 307.2,
        "unit": "°C",
        "over_range": "over 307 °C",
    }
