"""Tests of the settings that a node may have."""

from dataclasses import asdict

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.downlink import FRESH_SETTINGS, Settings
from custom_components.battery_thermal.protocol.possible_settings import (
    CERTAIN_AFTER,
    PossibleSettings,
)

WARM = Settings(60, Mode.FAST, fan=False)
HOT = Settings(70, Mode.FAST, fan=False)


def test_unknown_node() -> None:
    """As long as nothing is proven, the node may have any settings."""
    assert PossibleSettings().all is None


def test_transmissions() -> None:
    """After the fifth transmission of the same settings no others are possible."""
    possible = PossibleSettings()
    for _ in range(CERTAIN_AFTER - 1):
        possible.prove_by_gateway(WARM, [])
        assert possible.all == (WARM, FRESH_SETTINGS)
    possible.prove_by_gateway(WARM, [HOT])
    assert possible.all == (WARM, HOT)
    possible.prove_by_gateway(HOT, [])
    assert possible.all == (HOT, WARM)


def test_foreign_downlink() -> None:
    """After another client's downlink any settings are possible, until the next of ours."""
    possible = PossibleSettings()
    possible.prove(WARM, [])
    possible.note_foreign_downlink()
    assert possible.all is None
    possible.prove_by_gateway(WARM, [])
    assert possible.all == (WARM,)


def test_restart_of_the_node() -> None:
    """A node that has joined again may have the settings of a new one, or the old ones."""
    possible = PossibleSettings()
    possible.prove(WARM, [])
    possible.restart()
    assert (possible.proven, possible.all) == (None, None)
    possible.prove_by_gateway(HOT, [])
    assert possible.all == (HOT, FRESH_SETTINGS, WARM)


def test_idle_fan() -> None:
    """Settings with which the fan would have run are excluded, unless still to come."""
    possible = PossibleSettings()
    possible.prove(HOT, [WARM, FRESH_SETTINGS])
    possible.exclude_by_idle_fan(500, None)
    assert possible.all == (HOT, WARM, FRESH_SETTINGS)
    possible.exclude_by_idle_fan(601, FRESH_SETTINGS)
    assert possible.all == (HOT, FRESH_SETTINGS)
    possible.exclude_by_idle_fan(601, None)
    assert possible.all == (HOT,)


def test_restart() -> None:
    """What was stored is restored; earlier releases stored the proven settings only."""
    possible = PossibleSettings()
    possible.prove(WARM, [HOT])
    possible.note_foreign_downlink()
    data = {"proven": asdict(WARM)} | possible.as_dict()
    again = PossibleSettings.from_dict(data)
    assert (again.proven, again.as_dict()) == (WARM, possible.as_dict())
    assert PossibleSettings.from_dict({"proven": asdict(WARM)}).all == (
        WARM,
        FRESH_SETTINGS,
    )
    assert PossibleSettings.from_dict({"proven": None}).all is None
