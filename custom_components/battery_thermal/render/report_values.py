"""What a report is made of, and how its values are written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from ..thermal.logged_alarm import LoggedAlarm
from ..thermal.summary import Summary, Track
from .scale import in_unit, over_range_text, whole_decimals, written_number
from .style import FAHRENHEIT


@dataclass(frozen=True, slots=True)
class Report:
    """What a report is made of.

    `texts`: by the keys of `config_panel.report`. `settings`: the limits and settings in
    force, those of the beginning and then what changed; each a sentence of when, and
    names and values. `modes`: names of modes. `drifts`: sentences about cells that drift.
    `alarms`: those that were open in the span, oldest first; `kinds` and `levels`: their
    names. `local`: converts a time to that of the house. `picture`: PNG of the hottest
    image.
    """

    title: str
    summary: Summary
    made_at: datetime
    language: str
    unit: str
    texts: Mapping[str, str]
    over_text: str
    settings: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    drifts: Sequence[str]
    alarms: Sequence[LoggedAlarm]
    kinds: Mapping[str, str]
    levels: Mapping[str, str]
    modes: Mapping[str, str]
    local: Callable[[datetime], datetime]
    picture: bytes | None = None

    def number(self, value: float, decimals: int = 1) -> str:
        """Return a number as it is written in the language."""
        return written_number(value, decimals, self.language)

    def temperature(self, celsius: float) -> str:
        """Return a temperature in the unit of the house."""
        return f"{self.number(in_unit(celsius, self.unit))} {self.unit}"

    def whole(self, celsius: float) -> str:
        """Return a temperature of whole °C in the unit of the house."""
        degrees = in_unit(celsius, self.unit)
        return f"{self.number(degrees, whole_decimals(degrees))} {self.unit}"

    def difference(self, kelvin: float, decimals: int = 1) -> str:
        """Return a difference in the unit of the house."""
        if self.unit == FAHRENHEIT:
            return f"{self.number(kelvin * 1.8, decimals)} {self.unit}"
        return f"{self.number(kelvin, decimals)} K"

    def time(self, at: datetime) -> str:
        """Return a time of the house, without seconds."""
        return f"{self.local(at):%Y-%m-%d %H:%M}"

    def text(self, key: str, **values: str) -> str:
        """Return a text, with values in it."""
        return self.texts[key].format(**values)

    def duration(self, length: timedelta) -> str:
        """Return a duration in hours and minutes."""
        minutes = round(length / timedelta(minutes=1))
        return f"{minutes // 60} h {minutes % 60:02} min"

    def highest(self, track: Track) -> str:
        """Return the highest temperature, or that it was above the node's range."""
        if track.over_range:
            return over_range_text(self.unit, self.over_text)
        return self.temperature(track.highest[0]) if track.highest else "–"

    def heading(self, key: str) -> str:
        """Return the heading of a part of the page, as HTML."""
        return f"<h2>{escape(self.text(key))}</h2>"
