"""Reports of nodes: pages about a span of time, written into the media folder."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
import re
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util, slugify

from ..archive import SettingsChange
from ..archive.export import write_page
from ..const import DOMAIN
from ..device.battery_node import BatteryNode
from ..device.picture_cache import async_complete_style
from ..render.picture import HEIGHT, WIDTH, render
from ..render.report import report_page
from ..render.report_values import Report
from ..render.style import FileFormat, Style
from ..thermal.logged_alarm import LoggedAlarm
from ..thermal.summary import Summary
from .archive_files import one_file, refused, translated_errors
from .report_facts import tables

USUAL_SPAN: Final = timedelta(days=30)

_TEXTS: Final = f"component.{DOMAIN}.config_panel.report."
_ALARM: Final = f"component.{DOMAIN}.entity.event.alarm.state_attributes."
_OVER: Final = f"component.{DOMAIN}.config_panel.picture.over"
_MODES: Final = f"component.{DOMAIN}.selector.mode.options."

# Characters of the id of a node that are in the names of its reports.
_ID: Final = 6
_NAME: Final = re.compile(
    rf"[\w-]+?(?:_(\d{{4}}-\d\d-\d\d)_(\d{{4}}-\d\d-\d\d))?_(\w{{{_ID}}})\.html"
)


async def async_write_report(
    hass: HomeAssistant,
    node: BatteryNode,
    start: datetime,
    end: datetime,
    path: Path | None = None,
) -> tuple[Path, int]:
    """Write the report of a span; return its path and the number of images.

    It goes into the media folder if there is no `path`. Raises HomeAssistantError.
    """
    if start >= end:
        raise refused("no_span")
    path = path or reports_folder(hass) / _file_name(node, start, end)
    style = async_complete_style(hass, node.config.options.style, None)
    style = replace(style, file_format=FileFormat.PNG)
    with translated_errors(path):
        alarms = await node.alarm_log.async_between(start, end)
        archived = await node.archive.async_settings(start, end)
    changes = node.settings.with_these(archived, start, end)
    make_report = await _async_report(hass, node, alarms, changes, start)

    def write(go_on: Callable[[], None]) -> int:
        summary = _summary(node, start, end, go_on)
        picture = _picture(summary, style)
        write_page(
            path, report_page(make_report(summary=summary, picture=picture)), go_on
        )
        return summary.count

    with one_file(node), translated_errors(path):
        return path, await node.archive.async_file(write)


def reports_folder(hass: HomeAssistant) -> Path:
    """Return the folder of all reports, which need not be there."""
    folders = hass.config.media_dirs
    return (
        Path(
            folders.get("local")
            or next(iter(folders.values()), hass.config.path("media"))
        )
        / DOMAIN
    )


def is_report_of(name: str, node_id: str) -> bool:
    """Return whether a name of a file is one of a node's reports."""
    match = _NAME.fullmatch(name)
    return match is not None and match[3] == _short(node_id)


def report_title(name: str) -> str:
    """Return the days of a report by the name of its file, or the name itself."""
    match = _NAME.fullmatch(name)
    return f"{match[1]} – {match[2]}" if match and match[1] else name


def reports_of(hass: HomeAssistant, node_id: str) -> list[str]:
    """Return the names of the files of a node's reports, the newest first. Blocking."""
    files = []
    with suppress(OSError):
        for file in reports_folder(hass).iterdir():
            if is_report_of(file.name, node_id):
                # It may be deleted meanwhile.
                with suppress(OSError):
                    files.append((file.stat().st_mtime, file.name))
    return [name for _, name in sorted(files, reverse=True)]


def _short(node_id: str) -> str:
    return node_id[-_ID:].lower()


def _file_name(node: BatteryNode, start: datetime, end: datetime) -> str:
    first, last = (f"{dt_util.as_local(time):%Y-%m-%d}" for time in (start, end))
    short = _short(node.subentry_id)
    return f"{slugify(node.config.name)}_{first}_{last}_{short}.html"


def _summary(
    node: BatteryNode, start: datetime, end: datetime, go_on: Callable[[], None]
) -> Summary:
    """Read all images of a span, one after the other."""
    options = node.config.options
    summary = Summary(start, end, options.counted_areas)
    for archived in node.archive.images(start, end):
        go_on()
        image = options.corrected(archived.image, archived.ambient)
        summary.add_image(replace(archived, image=image))
    return summary


def _picture(summary: Summary, style: Style) -> bytes | None:
    if (hottest := summary.hottest) is None:
        return None
    style = replace(style, threshold=hottest.threshold)
    return render(hottest.image, style, WIDTH, HEIGHT)


async def _async_report(
    hass: HomeAssistant,
    node: BatteryNode,
    alarms: Sequence[LoggedAlarm],
    changes: Sequence[SettingsChange],
    start: datetime,
) -> partial[Report]:
    """Return a function that makes the report, with all that images do not have."""
    language = hass.config.language
    found = await async_get_translations(hass, language, "config_panel", {DOMAIN})
    modes = await async_get_translations(hass, language, "selector", {DOMAIN})
    names = await async_get_translations(hass, language, "entity", {DOMAIN})
    known: dict[str, Any] = {
        "title": node.config.name,
        "made_at": dt_util.utcnow(),
        "language": language,
        "unit": hass.config.units.temperature_unit,
        "texts": _texts(found, _TEXTS),
        "over_text": found[_OVER],
        "local": dt_util.as_local,
        "alarms": alarms,
        "kinds": _texts(names, f"{_ALARM}kind.state."),
        "levels": _texts(names, f"{_ALARM}level.state."),
        "modes": _texts(modes, _MODES),
    }
    # Values are written as the report writes its own.
    blank = Report(**known, summary=_NO_SUMMARY, settings=(), drifts=())
    return partial(
        Report,
        **known,
        settings=tables(blank, changes, start, node.settings.current()),
        drifts=_drifts(blank, node),
    )


def _texts(found: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Return the texts whose keys begin with a prefix, by the rest of their keys."""
    return {
        key.removeprefix(prefix): text
        for key, text in found.items()
        if key.startswith(prefix)
    }


_NO_SUMMARY: Final = Summary(datetime.min, datetime.max, ())


def _drifts(report: Report, node: BatteryNode) -> list[str]:
    """Return a sentence for each cell that drifts now."""
    names = node.config.options.cell_names
    return [
        report.text(
            "drift_warmed" if found.amount > 0 else "drift_cooled",
            cell=names[found.cell],
            value=report.difference(abs(found.amount)),
            time=report.time(found.since),
        )
        for found in node.record.images.drift.findings
    ]
