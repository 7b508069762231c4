"""Tests of unexpected errors: counted by kind, the first of each logged with its traceback."""

import pytest

from custom_components.battery_thermal.hub.failures import FailureLog


def test_first_of_each_kind_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Others are counted only."""
    failures = FailureLog("batteries")
    for error in (LookupError("one"), LookupError("two"), ValueError("three")):
        failures.record_failure(error)
    assert failures.counts == {"LookupError": 2, "ValueError": 1}
    assert caplog.text.count("batteries: an error in this integration") == 2
    assert "LookupError: one" in caplog.text
    assert "two" not in caplog.text
