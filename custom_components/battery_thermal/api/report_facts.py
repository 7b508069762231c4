"""The settings and limits of a node as rows of its report.

They are those of the time when the report is made: what images do not carry is not
recorded over time.
"""

from ..device.battery_node import BatteryNode
from ..model.area import Area, AreaKind
from ..render.report_values import Report


def facts(report: Report, node: BatteryNode) -> list[tuple[str, str]]:
    """Return the names and values of all settings and limits that results depend on."""
    limits, options = node.record.watch.limits, node.config.options
    mode, silent_after = node.record.images.mode, node.config.silent_after
    unknown = report.text("unknown")
    rows = [("mode", report.modes[mode] if mode else unknown)]
    if options.compares:
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
                offset=report.difference(options.correction.offset),
                emissivity=report.number(options.correction.emissivity, 2),
            ),
        ),
    ]
    if dead := options.correction.dead_pixels:
        places = "; ".join(f"{row + 1}, {column + 1}" for row, column in dead)
        rows.append(("dead_pixels", places))
    ignored = [area.name for area in options.areas if area.kind is AreaKind.IGNORE]
    if ignored:
        rows.append(("ignored", ", ".join(ignored)))
    return [(report.text(key), value) for key, value in rows] + [
        (report.text("limits_of", area=area.name), ", ".join(own))
        for area in options.counted_areas
        if (own := _own(report, area))
    ]


def _own(report: Report, area: Area) -> list[str]:
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
