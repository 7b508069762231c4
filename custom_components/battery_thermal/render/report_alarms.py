"""The alarms of a report, with who acknowledged them and the notes."""

from html import escape

from ..thermal.alarm_kinds import LOG_KINDS, Quantity
from ..thermal.logged_alarm import LoggedAlarm
from .report_values import Report
from .scale import over_range_text


def alarms(report: Report) -> str:
    """Return the table of the alarms that were open in the span, as HTML."""
    text = report.text
    if not report.alarms:
        return report.heading("alarms") + f"<p>{escape(text('no_alarms'))}</p>"
    since = f"{escape(text('since'))}<small>{escape(text('until'))}</small>"
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in (escape(text("alarm")), since, escape(text("peak")))
    )
    rows = "".join(_alarm(report, alarm) for alarm in report.alarms)
    return (
        report.heading("alarms")
        + f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _alarm(report: Report, alarm: LoggedAlarm) -> str:
    """Return the row of an alarm, and one that is as wide as the table.

    That has who acknowledged it, and the note. The table has as many columns as there is
    room for on a phone.
    """
    text = report.text
    kind = report.kinds.get(alarm.kind, alarm.kind)
    level = report.levels.get(alarm.level, alarm.level)
    until = report.time(alarm.ended_at) if alarm.ended_at else text("open")
    peak_at = report.time(alarm.peak_at) if alarm.peak_at else ""
    said = []
    if alarm.acknowledged_at:
        by = (alarm.acknowledged_by, report.time(alarm.acknowledged_at))
        said.append(text("acknowledged", by=", ".join(one for one in by if one)))
    if alarm.note:
        said.append(alarm.note)
    begin, more = "<tr>", ""
    if said:
        begin = '<tr class="noted">'
        lines = "".join(f"<small>{escape(one)}</small>" for one in said)
        more = f'<tr><td colspan="3">{lines}</td></tr>'
    return (
        f'{begin}<th scope="row">{escape(kind)}<small>{escape(level)}'
        f"{escape(f', {alarm.area}') if alarm.area else ''}</small></th>"
        f'<td class="t">{report.time(alarm.since)}<small>{escape(until)}</small></td>'
        f'<td class="t">{escape(_peak(report, alarm))}<small>{peak_at}</small></td></tr>'
        f"{more}"
    )


def _peak(report: Report, alarm: LoggedAlarm) -> str:
    """Return the peak of an alarm in the unit of its kind."""
    if alarm.over_range:
        return over_range_text(report.unit, report.over_text)
    if alarm.peak is None:
        return "–"
    match LOG_KINDS[alarm.kind].quantity:
        case Quantity.TEMPERATURE:
            return report.temperature(alarm.peak)
        case Quantity.RATE:
            return f"{report.difference(alarm.peak)}/min"
    return report.difference(alarm.peak)
