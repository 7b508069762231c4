"""What an alarm of the log is about, as attributes of entities."""

from typing import Any

from homeassistant.core import HomeAssistant

from .degrees import house_value
from .device.over_range import async_over_range
from .thermal.alarm_kinds import LOG_KINDS
from .thermal.logged_alarm import LoggedAlarm


def alarm_values(hass: HomeAssistant, alarm: LoggedAlarm) -> dict[str, Any]:
    """Return the area, and the peak in the unit in which Home Assistant shows it.

    With `over_range` the true value is above what the node can say.
    """
    value, unit = house_value(hass, LOG_KINDS[alarm.kind].quantity, alarm.peak)
    values = {"area": alarm.area, "value": value, "unit": unit}
    if alarm.over_range:
        values["over_range"] = async_over_range(hass)
    return values
