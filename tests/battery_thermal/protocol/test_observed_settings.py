"""Tests of what uplinks show of a node's settings."""

from dataclasses import asdict

import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.downlink import Settings
from custom_components.battery_thermal.protocol.observed_settings import (
    ObservedSettings,
)

NOTHING = ObservedSettings()
SLOW_ON = Settings(50, Mode.SLOW, fan=True)
SLOW_OFF = Settings(50, Mode.SLOW, fan=False)
FAST_OFF = Settings(50, Mode.FAST, fan=False)


@pytest.mark.parametrize(
    ("fan", "maximum", "thresholds", "shown"),
    [
        (False, 90, [50], False),
        (True, 49.9, [50], True),
        # The temperature may be the reason.
        (True, 50, [50], None),
        (True, 50, [60, 50], None),
        (True, None, [50], None),
        (True, 10, [], None),
    ],
)
def test_fan(
    fan: bool, maximum: float | None, thresholds: list[int], shown: bool | None
) -> None:
    """A running fan shows a request only if no temperature explains it."""
    observed = ObservedSettings.from_uplink(
        None, fan=fan, maximum=maximum, thresholds=thresholds
    )
    assert observed == ObservedSettings(None, shown)


@pytest.mark.parametrize(
    ("observed", "settings", "contradicted"),
    [
        (NOTHING, SLOW_ON, False),
        (ObservedSettings(Mode.SLOW), SLOW_ON, False),
        (ObservedSettings(Mode.FAST), SLOW_ON, True),
        (ObservedSettings(fan=False), SLOW_ON, True),
        (ObservedSettings(Mode.SLOW, fan=True), SLOW_ON, False),
    ],
)
def test_contradiction(
    observed: ObservedSettings, settings: Settings, contradicted: bool
) -> None:
    """What is not observed contradicts nothing."""
    assert observed.contradicts(settings) is contradicted


@pytest.mark.parametrize(
    ("before", "after", "others", "proven"),
    [
        (ObservedSettings(Mode.FAST), ObservedSettings(Mode.SLOW), [], True),
        (ObservedSettings(fan=False), ObservedSettings(fan=True), [], True),
        # The value was the same before.
        (ObservedSettings(Mode.SLOW), ObservedSettings(Mode.SLOW), [], False),
        # The value was not observed before.
        (NOTHING, ObservedSettings(Mode.SLOW, fan=True), [], False),
        # One of the two values contradicts.
        (
            ObservedSettings(Mode.FAST),
            ObservedSettings(Mode.SLOW, fan=False),
            [],
            False,
        ),
        # Another downlink explains the change.
        (ObservedSettings(Mode.FAST), ObservedSettings(Mode.SLOW), [SLOW_OFF], False),
        (ObservedSettings(Mode.FAST), ObservedSettings(Mode.SLOW), [FAST_OFF], True),
        (ObservedSettings(fan=False), ObservedSettings(fan=True), [SLOW_OFF], True),
    ],
)
def test_proof(
    before: ObservedSettings,
    after: ObservedSettings,
    others: list[Settings],
    proven: bool,
) -> None:
    """A change to the wanted value that nothing else explains proves the settings."""
    assert after.proves(SLOW_ON, before, others) is proven


@pytest.mark.parametrize("observed", [NOTHING, ObservedSettings(Mode.SLOW, fan=False)])
def test_restart(observed: ObservedSettings) -> None:
    """What was stored is restored."""
    assert ObservedSettings.from_dict(asdict(observed)) == observed
