"""Tests of the alarms of single areas."""

from dataclasses import replace

from custom_components.battery_thermal.model.area import AreaKind
from custom_components.battery_thermal.thermal.area_alarms import AreaLevel
from custom_components.battery_thermal.thermal.watch import AlarmKind, Watch

from .scenes import thermal_image
from .test_areas import BANK, GAP, LEFT, MIDDLE, RIGHT, field


def test_highest_temperature_of_an_area() -> None:
    """Over it the area and the node have an alarm, until it is below again."""
    limited = replace(RIGHT, highest=40.0)
    seen = Watch((LEFT, MIDDLE, limited))
    assert seen.area_alarms.level("right") is None
    for celsius, level in (
        (39.0, AreaLevel.NONE),
        (40.5, AreaLevel.ALARM),
        (39.5, AreaLevel.ALARM),
        (38.5, AreaLevel.NONE),
    ):
        # All are as warm: nothing is over the median.
        image = thermal_image(field(left=celsius, middle=celsius, right=celsius))
        seen.evaluate(image, None, GAP)
        assert seen.area_alarms.level("right") is level, celsius
        assert seen.active(AlarmKind.AREA_LIMIT) is (level is AreaLevel.ALARM)
        assert seen.area_alarms.level("left") is AreaLevel.NONE
    seen.evaluate(thermal_image(field(right=320)), None, GAP)
    assert seen.area_alarms.level("right") is AreaLevel.ALARM


def test_limits_over_the_median() -> None:
    """An area's own limits hold for it, those of the node for the others."""
    strict = replace(RIGHT, warning=2.0, alarm=4.0)
    seen = Watch((LEFT, MIDDLE, strict))
    seen.evaluate(thermal_image(field(right=23)), None, GAP)
    assert seen.area_alarms.level("right") is AreaLevel.WARNING
    assert seen.active(AlarmKind.IMBALANCE_WARNING)
    assert seen.active(AlarmKind.IMBALANCE_ALARM) is False
    seen.evaluate(thermal_image(field(right=25)), None, GAP)
    assert seen.area_alarms.level("right") is AreaLevel.ALARM
    assert seen.active(AlarmKind.IMBALANCE_ALARM)
    seen.evaluate(thermal_image(field(left=24)), None, GAP)
    assert seen.area_alarms.level("right") is AreaLevel.NONE
    assert seen.area_alarms.level("left") is AreaLevel.NONE
    assert seen.active(AlarmKind.IMBALANCE_WARNING) is False


def test_other_things_differ_anyway() -> None:
    """They have a deviation, and an alarm only with a limit of their own."""
    others = [replace(one, kind=AreaKind.OTHER) for one in BANK]
    seen = Watch(others)
    seen.evaluate(thermal_image(field(right=60)), None, GAP)
    assert seen.areas[2].deviation == 40
    assert seen.active(AlarmKind.IMBALANCE_WARNING) is None
    assert seen.area_alarms.level("right") is None
    limited = Watch([*others[:2], replace(others[2], warning=10.0)])
    limited.evaluate(thermal_image(field(right=60)), None, GAP)
    assert limited.area_alarms.level("right") is AreaLevel.WARNING


def test_missing_lines_end_no_alarm_of_an_area() -> None:
    """What has not arrived may be as hot, or the others may be as warm."""
    limited = replace(RIGHT, highest=40.0)
    seen = Watch((LEFT, MIDDLE, limited))
    seen.evaluate(thermal_image(field(right=50)), None, GAP)
    assert seen.area_alarms.level("right") is AreaLevel.ALARM
    seen.evaluate(thermal_image(field(right=20), missing=(20,)), None, GAP)
    assert seen.area_alarms.level("right") is AreaLevel.ALARM
    assert seen.active(AlarmKind.AREA_LIMIT)
    seen.evaluate(thermal_image(field(right=20)), None, GAP)
    assert seen.area_alarms.level("right") is AreaLevel.NONE


def test_alarm_for_what_may_be_over_a_limit() -> None:
    """Pixels of the compact format are known within a bound only."""
    seen = Watch((replace(RIGHT, highest=40.0),))
    seen.evaluate(replace(thermal_image(field(right=39.8)), bound=5), None, GAP)
    assert seen.area_alarms.level("right") is AreaLevel.ALARM
    assert not seen.area_alarms.is_certain("right")
    assert seen.area_alarms.is_certain("left")


def test_alarms_survive_a_restart() -> None:
    """Those of areas and limits that are still there."""
    limited = replace(RIGHT, highest=40.0)
    seen = Watch((LEFT, MIDDLE, limited))
    seen.evaluate(replace(thermal_image(field(right=39.8)), bound=5), None, GAP)
    stored = seen.as_dict()
    again = Watch((LEFT, MIDDLE, limited))
    again.restore(stored)
    assert again.area_alarms.level("right") is AreaLevel.ALARM
    assert not again.area_alarms.is_certain("right")
    assert again.active(AlarmKind.AREA_LIMIT)
    without = Watch((LEFT, RIGHT))
    without.restore(stored)
    assert without.area_alarms.level("right") is AreaLevel.ALARM
    assert without.active(AlarmKind.AREA_LIMIT) is None
    other = Watch((replace(RIGHT, kind=AreaKind.OTHER),))
    other.restore(stored)
    assert other.area_alarms.level("right") is None
    # Of an earlier release.
    del stored["area_alarms"]
    again.restore(stored)
    assert again.area_alarms.level("right") is None
