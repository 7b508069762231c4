"""Tests of the downlinks whose reports may still come."""

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.downlink import Settings
from custom_components.battery_thermal.protocol.offered_downlinks import (
    OfferedDownlinks,
)


def settings(threshold: int) -> Settings:
    """Return settings of a threshold."""
    return Settings(threshold, Mode.FAST, fan=False)


def offer(count: int) -> OfferedDownlinks:
    """Return downlinks 0, 1, 2... that were offered, each with its own threshold."""
    offered = OfferedDownlinks()
    for number in range(count):
        offered.note_offered(f"id{number}", settings(number))
    return offered


def test_foreign_downlink() -> None:
    """The id of another client's downlink has no settings."""
    assert offer(1).get("id0") == settings(0)
    assert offer(1).get("another") is None


def test_old_ones_are_forgotten() -> None:
    """Eight are remembered, and the current one however old it is."""
    offered = OfferedDownlinks()
    offered.note_offered("id0", settings(0))
    offered.current = "id0"
    for number in range(1, 12):
        offered.note_offered(f"id{number}", settings(number))
    known = [n for n in range(12) if offered.get(f"id{n}") is not None]
    assert known == [0, *range(4, 12)]


def test_rivals() -> None:
    """What was offered beside the wanted settings may still have an effect."""
    offered = offer(3)
    assert offered.rivals(settings(2)) == [settings(0), settings(1)]
    assert offered.after("id0") == [settings(1), settings(2)]
    offered.current = "id1"
    offered.note_uplink()
    assert offered.rivals(settings(2)) == [settings(1)]
    offered.note_replaced_was_sent("id0")
    assert offered.rivals(None) == [settings(0), settings(1), settings(2)]


def test_restart() -> None:
    """What was stored is restored; earlier releases stored no oldest one."""
    offered = offer(3)
    offered.current = "id1"
    offered.note_uplink()
    data = offered.as_dict()
    assert OfferedDownlinks.from_dict(data).as_dict() == data
    del data["oldest"]
    assert len(OfferedDownlinks.from_dict(data).rivals(None)) == 3
