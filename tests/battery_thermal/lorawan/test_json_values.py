"""Tests of the checks of values in a network server's JSON."""

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.battery_thermal.lorawan import json_values


@pytest.mark.parametrize(
    ("seconds", "airtime"),
    [
        (None, None),
        ("0.118016s", 0.118016),
        ("0s", 0.0),
        ("60s", 60.0),
        ("1.0000000004s", 1.0),
    ],
)
def test_airtime(seconds: str | None, airtime: float | None) -> None:
    """Airtime is in seconds, to a nanosecond, from 0 to 60."""
    assert json_values.optional_airtime(seconds) == airtime


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (json_values.optional_airtime, "60.000000001s"),
        (json_values.optional_airtime, "-0.000000001s"),
        (json_values.optional_airtime, "nans"),
        (json_values.optional_airtime, 1),
        (json_values.text, 1),
        (json_values.text, "x" * (json_values.LONGEST_TEXT + 1)),
        (json_values.number, "inf"),
        (json_values.payload, "no base64"),
        (json_values.payload, "AAAA" * 86),
        (json_values.time, "2026-01-01T00:00:00"),
        (json_values.time, "1969-12-31T23:59:59Z"),
        (json_values.time, "2200-01-01T00:00:00Z"),
        (lambda value: json_values.items(value, 1), [1, 2]),
        (lambda value: json_values.items(value, 1), {}),
        (lambda value: json_values.count(value, range(256)), 256),
        (lambda value: json_values.count(value, range(256)), True),
    ],
)
def test_refused(check: Any, value: object) -> None:
    """Anything else raises one of the errors of an unknown shape."""
    with pytest.raises(json_values.UNKNOWN_SHAPE):
        check(value)


def test_accepted() -> None:
    """Values at the limits are accepted."""
    longest = "x" * json_values.LONGEST_TEXT
    assert json_values.text(longest) == longest
    assert json_values.items([1], 1) == [1]
    assert json_values.count(255, json_values.F_PORTS) == 255
    assert json_values.optional_count(None, json_values.F_PORTS) is None
    assert json_values.number("-3.5") == -3.5
    assert json_values.payload("AAAA" * 85) == bytes(255)
    first = datetime(1970, 1, 1, tzinfo=UTC)
    assert json_values.time("1970-01-01T00:00:00Z") == first
