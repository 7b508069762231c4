"""The settings and limits of a node as tables of its report.

They are those that were in force in its span, as they are recorded with images; what is
not recorded is said.
"""

from collections.abc import Sequence
from datetime import datetime

from ..archive import SettingsChange
from ..device.settings_in_force import AreaSettings, SettingsInForce, read_settings
from ..render.report_values import Report

type Rows = list[tuple[str, str]]


def tables(
    report: Report,
    changes: Sequence[SettingsChange],
    start: datetime,
    now: SettingsInForce,
) -> list[tuple[str, Rows]]:
    """Return all settings at the beginning of a span, and what was changed in it.

    Each with a sentence of when. `changes`: of the archive, oldest first. Without any,
    they are those of now.
    """
    known = [
        (change.since, dict(facts(report, settings)))
        for change in changes
        if (settings := read_settings(change.settings))
    ]
    if not known:
        return [(report.text("settings_now"), facts(report, now))]
    (since, before), *later = known
    title = (
        report.text("settings_at_start")
        if since <= start
        else report.text("settings_first", time=report.time(since))
    )
    found = [(title, list(before.items()))]
    for since, after in later:
        names = [*after, *(name for name in before if name not in after)]
        changed = [
            (name, after.get(name, report.text("none")))
            for name in names
            if before.get(name) != after.get(name)
        ]
        if changed:
            when = report.text("settings_since", time=report.time(since))
            found.append((when, changed))
        before = after
    return found


def facts(report: Report, settings: SettingsInForce) -> Rows:
    """Return the names and values of all settings and limits that results depend on."""
    limits, silent_after = settings.limits, settings.silent_after
    rows = []
    if settings.compares:
        imbalance = limits.imbalance_warning, limits.imbalance_alarm
        rows.append(("imbalance", " / ".join(map(report.difference, imbalance))))
    rise = limits.rise_warning, limits.rise_alarm
    rows += [
        ("rise", " / ".join(f"{report.difference(one)}/min" for one in rise)),
        ("hysteresis", report.difference(limits.hysteresis)),
        ("images_until_alarm", f"{limits.images:.0f}"),
        ("image_age", f"{limits.age:.0f} min"),
        (
            "silent_after",
            report.text("silent_usual")
            if silent_after is None
            else f"{silent_after:.0f} min",
        ),
        (
            "correction",
            report.text(
                "correction_value",
                offset=report.difference(settings.offset),
                emissivity=report.number(settings.emissivity, 2),
            ),
        ),
    ]
    if settings.dead_pixels:
        places = "; ".join(
            f"{row + 1}, {column + 1}" for row, column in settings.dead_pixels
        )
        rows.append(("dead_pixels", places))
    if settings.ignored:
        rows.append(("ignored", ", ".join(settings.ignored)))
    return [(report.text(key), value) for key, value in rows] + [
        (report.text("limits_of", area=area.name), ", ".join(_own(report, area)))
        for area in settings.areas
    ]


def _own(report: Report, area: AreaSettings) -> list[str]:
    """Return the limits and the emissivity that an area has of its own."""
    found = []
    if area.highest is not None:
        found.append(("limit_highest", report.temperature(area.highest)))
    if area.warning is not None:
        found.append(("limit_warning", report.difference(area.warning)))
    if area.alarm is not None:
        found.append(("limit_alarm", report.difference(area.alarm)))
    if area.emissivity is not None:
        found.append(("limit_emissivity", report.number(area.emissivity, 2)))
    return [report.text(key, value=value) for key, value in found]
