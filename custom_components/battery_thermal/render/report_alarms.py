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
    heads = "".join(
        f'<th scope="col">{escape(text(key))}</th>'
        for key in ("alarm", "since", "until", "peak", "acknowledged")
    )
    rows = "".join(_alarm(report, alarm) for alarm in report.alarms)
    return (
        report.heading("alarms")
        + f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _alarm(report: Report, alarm: LoggedAlarm) -> str:
    """Return the row of an alarm, and one of its note, which is as wide as the table."""
    kind = report.kinds.get(alarm.kind, alarm.kind)
    level = report.levels.get(alarm.level, alarm.level)
    until = report.time(alarm.ended_at) if alarm.ended_at else report.text("open")
    peak_at = report.time(alarm.peak_at) if alarm.peak_at else ""
    by = ", ".join(
        one
        for one in (
            alarm.acknowledged_by or "",
            report.time(alarm.acknowledged_at) if alarm.acknowledged_at else "",
        )
        if one
    )
    begin, note = "<tr>", ""
    if alarm.note:
        begin = '<tr class="noted">'
        note = f'<tr><td colspan="5"><small>{escape(alarm.note)}</small></td></tr>'
    return (
        f'{begin}<th scope="row">{escape(kind)}<small>{escape(level)}'
        f"{escape(f', {alarm.area}') if alarm.area else ''}</small></th>"
        f"<td>{report.time(alarm.since)}</td><td>{escape(until)}</td>"
        f"<td>{escape(_peak(report, alarm))}<small>{peak_at}</small></td>"
        f"<td>{escape(by or '–')}</td></tr>{note}"
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
