"""Reports: every number of them is computed again from the archive."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
import re
from statistics import median
from typing import Any

import numpy as np
import pytest

from custom_components.battery_thermal.archive import Archive, Bounds, SettingsChange
from custom_components.battery_thermal.device.alarm_log import get_alarm_log
from custom_components.battery_thermal.device.node_archive import get_archive
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.thermal.alarm_kinds import Level, LogKind
from custom_components.battery_thermal.thermal.drift import DriftFinding
from custom_components.battery_thermal.thermal.logged_alarm import LoggedAlarm
from homeassistant.util import dt as dt_util
from tests.battery_thermal.thermal.scenes import bank, thermal_image
from tests.battery_thermal.world import World

from .test_archive_actions import act

GRID: dict[str, object] = {"rows": 4, "columns": 3, "names": ["<b>Left"]}
HOUR = timedelta(hours=1)
ROW = re.compile(r'<tr(?: class="noted")?><th scope="row">(.*?)</th>(.*?)</tr>')
CELL = re.compile(r"<td.*?>(.*?)(?:<small>(.*?)</small>)?</td>")


def scene(number: int, at: datetime) -> ArchivedImage:
    """Return one of several kinds of images: slow and fast ones, with and without lines."""
    field = bank(20 + number % 7, number % 11) + np.arange(24) * 0.1
    changes: dict[str, Any] = {"time": at}
    if number % 3 == 0:
        field = field.reshape(8, 4, 6, 4).max((1, 3))
        changes["mode"] = Mode.FAST
    elif number % 5 == 0:
        changes["missing"] = (2, 9)
    image = thermal_image(field, **changes)
    threshold = None if number < 5 else 40 if number < 20 else 45
    return ArchivedImage(image, 18 + number % 4, number % 6 == 0, threshold)


async def fill(world: World, count: int = 40) -> tuple[datetime, datetime]:
    """Store images an hour apart, with a gap; return the span that they are in."""
    end = dt_util.utcnow().replace(minute=0, second=0, microsecond=0) - HOUR
    start = end - (count + 5) * HOUR
    for number in range(count):
        at = start + (number + (5 if number > 30 else 0)) * HOUR
        world.battery_node.archive.async_store_image(
            scene(number, at), Bounds(365, 100)
        )
    await world.hass.async_block_till_done()
    return start, end


def stored(world: World, start: datetime, end: datetime) -> list[ArchivedImage]:
    """Return the images of the archive, which the report has to agree with."""
    archive: Archive = get_archive(world.hass)
    return archive.images_between(world.battery_node.subentry_id, start, end)


def rows(page: str) -> dict[str, list[tuple[str, str]]]:
    """Return the cells of each row of the tables, by their head."""
    return {name: CELL.findall(rest) for name, rest in ROW.findall(page)}


def celsius(value: float, decimals: int = 1) -> str:
    """Return a temperature as the report has it."""
    return f"{value:.{decimals}f} °C"


def local(at: datetime) -> str:
    """Return a time as the report has it."""
    return f"{dt_util.as_local(at):%Y-%m-%d %H:%M}"


def cell_pixels(image: ThermalImage, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the temperatures of a cell and which are there, cut out by hand."""
    row, column = divmod(number, 3)
    size = image.values.shape[0] // 4
    area = np.s_[row * size : (row + 1) * size, column * size : (column + 1) * size]
    return image.values[area] / 10, image.present[area]


async def report(world: World, **data: Any) -> tuple[str, dict[str, Any]]:
    """Write a report; return the page and the answer."""
    answer = await act(world, "create_report", **data)
    page = await world.hass.async_add_executor_job(Path(answer["filename"]).read_text)
    return page, answer


async def test_every_number(world: World, media: Path) -> None:
    """Counts, extremes, times and thresholds are those of the archive."""
    await world.configure(cells=GRID)
    start, end = await fill(world)
    page, answer = await report(world, start=start, end=end)
    images = stored(world, start, end)
    assert answer["images"] == len(images) == 40
    found = rows(page)

    def value(name: str) -> str:
        return found[name][0][0]

    assert value("Images") == "40"
    for name, mode in (("detailed (slow)", Mode.SLOW), ("coarse (fast)", Mode.FAST)):
        count = sum(one.image.mode is mode for one in images)
        assert value(f"of them {name}") == str(count)
    hottest = max(images, key=lambda one: one.image.values[one.image.present].max())
    at = local(hottest.image.started_at)
    highest = hottest.image.values[hottest.image.present].max() / 10
    assert found["Hottest"] == [(celsius(highest), at)]
    whole = [one for one in images if one.image.present.all()]
    coldest = min(whole, key=lambda one: one.image.values.min())
    lowest = coldest.image.values.min() / 10
    assert found["Coldest"] == [(celsius(lowest), local(coldest.image.started_at))]
    ambients = [one.ambient for one in images if one.ambient is not None]
    assert value("Ambient temperature") == (
        f"{celsius(min(ambients), 0)} – {celsius(max(ambients), 0)}"
    )
    lost = sum(len(one.image.missing_lines) for one in images)
    expected = sum(one.image.lines_expected for one in images)
    assert (
        value("Lost lines") == f"{lost} of {expected} ({100 * lost / expected:.1f} %)"
    )
    times = [one.image.started_at for one in images]
    gap, since = max((after - before, before) for before, after in pairwise(times))
    longest = f"{gap // HOUR} h 00 min", local(since)
    assert found["Longest time between two images"] == [longest]
    assert value("Suspect images") == str(sum(one.image.suspect for one in images))
    assert value("Images with the fan on") == str(sum(bool(one.fan) for one in images))
    changes = [
        one
        for before, one in zip([None, *images], images, strict=False)
        if before is None or before.threshold != one.threshold
    ]
    assert len(changes) == 3
    for one in changes:
        name = f"Fan threshold from {local(one.image.started_at)}"
        known = "unknown" if one.threshold is None else celsius(one.threshold, 0)
        assert value(name) == known
    for number in range(12):
        check_cell(found, images, number)


def check_cell(
    found: dict[str, list[tuple[str, str]]], images: list[ArchivedImage], number: int
) -> None:
    """Compare the row of a cell with the pixels of the archive."""
    name = "&lt;b&gt;Left" if number == 0 else f"{'ABCD'[number // 3]}{number % 3 + 1}"
    seen = [
        (values, present, one.image.started_at)
        for one in images
        for values, present in [cell_pixels(one.image, number)]
        if present.any()
    ]
    whole = [(values.max(), at) for values, present, at in seen if present.all()]
    maxima = [(values[present].max(), at) for values, present, at in seen]
    low, low_at = min(whole)
    high = max(value for value, _ in maxima)
    high_at = min(at for value, at in maxima if value == high)
    mean = sum(value for value, _ in whole) / len(whole)
    assert found[name] == [
        (celsius(low), local(low_at)),
        (celsius(mean), ""),
        (celsius(high), local(high_at)),
    ]


async def test_areas_of_other_kinds(world: World, media: Path) -> None:
    """Each has its extremes; what is ignored has none, and without cells there is no median."""
    plus = {
        "key": "plus",
        "name": "Plus",
        "kind": "terminal",
        "points": [[0, 0], [8, 8]],
    }
    lamp = plus | {"key": "lamp", "name": "Lamp", "kind": "ignore"}
    await world.configure(areas=[plus, lamp | {"points": [[24, 16], [32, 24]]}])
    start, end = await fill(world)
    page, _ = await report(world, start=start, end=end)
    found = rows(page)
    assert "Lamp" not in rows(page)
    assert "Median of the cells" not in page
    maxima = [
        values[present].max()
        for one in stored(world, start, end)
        for values, present in [cell_pixels(one.image, 0)]
        if present.any()
    ]
    assert found["Plus"][2][0] == celsius(max(maxima))


async def test_curves(world: World, media: Path) -> None:
    """The curve of a cell has the value of each image at its time."""
    await world.configure(cells=GRID)
    start, end = await fill(world)
    page, _ = await report(world, start=start, end=end)
    section = re.findall(r"<h3>C2</h3>(<svg.*?</svg>)", page)[0]
    images = stored(world, start, end)
    bank_line, cell_line = (
        [
            tuple(map(float, point.split(",")))
            for line in re.findall(
                rf'<polyline class="{style}" points="(.*?)"', section
            )
            for point in line.split()
        ]
        for style in ("other", "hot")
    )
    single = re.findall(r'<circle class="(\w+)" cx="([\d.]+)" cy="([\d.]+)"', section)
    points = cell_line + [
        (float(x), float(y)) for style, x, y in single if style == "hot"
    ]
    whole = [
        (one.image.started_at, cell_pixels(one.image, 7))
        for one in images
        if cell_pixels(one.image, 7)[1].all()
    ]
    assert len(points) == len(whole)
    # The axis, by two of its ticks.
    ticks = [
        (float(y) - 4, float(text))
        for y, text in re.findall(
            r'y="([\d.]+)" text-anchor="end">(-?[\d.]+)<', section
        )
    ]
    (y0, t0), (y1, t1) = ticks[0], ticks[-1]
    by_time = sorted(points)
    for (x, y), (at, (values, _)) in zip(by_time, whole, strict=True):
        drawn = t0 + (y - y0) / (y1 - y0) * (t1 - t0)
        assert drawn == pytest.approx(values.max(), abs=0.1)
        share = (x - 48) / (720 - 48)
        assert share == pytest.approx((at - start) / (end - start), abs=1 / 200)
    assert bank_line or single
    medians = [
        median(cell_pixels(one.image, number)[0].max() for number in range(12))
        for one in images
        if one.image.present.all()
    ]
    others = bank_line + [(float(x), float(y)) for s, x, y in single if s == "other"]
    assert len(others) == len(medians)
    for (_, y), expected in zip(sorted(others), medians, strict=True):
        drawn = t0 + (y - y0) / (y1 - y0) * (t1 - t0)
        assert drawn == pytest.approx(expected, abs=0.1)


async def test_a_page_by_itself(world: World, media: Path) -> None:
    """Nothing is fetched or run, and names are text."""
    await world.configure(cells=GRID)
    start, end = await fill(world)
    page, answer = await report(world, start=start, end=end)
    assert "<b>" not in page
    assert "&lt;b&gt;Left" in page
    assert "<script" not in page
    without_picture = re.sub(r'base64,[^"]*', "", page)
    assert not re.search(r"https?:|//\w|url\(|@import|<link|<iframe", without_picture)
    assert page.count('src="data:image/png;base64,') == page.count("src=") == 1
    assert "default-src 'none'" in page
    path = Path(answer["filename"])
    assert path.parent == media / "battery_thermal"
    assert path.name.startswith("garage_")


async def test_settings_and_drift(
    world: World, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Limits, corrections and cells that drift are those of the node."""
    correction = {"offset": 1.5, "emissivity": 0.9, "dead_pixels": ["3, 4"]}
    await world.configure(cells=GRID, correction=correction, silent_after=90)
    await world.image()
    world.battery_node.async_set_alarm_limits(imbalance_warning=4, rise_alarm=6)
    since = dt_util.utcnow() - 12 * 24 * HOUR
    findings = (DriftFinding(1, 2.1, since), DriftFinding(2, -1.0, since))
    monkeypatch.setattr(
        type(world.record.images.drift), "findings", property(lambda _: findings)
    )
    page, _ = await report(world)
    found = rows(page)
    assert found["Imbalance: warning and alarm above"][0][0] == "4.0 K / 10.0 K"
    assert found["Fast rise: warning and alarm above"][0][0] == "1.0 K/min / 6.0 K/min"
    assert found["Corrections"][0][0] == "offset 1.5 K, emissivity 0.90"
    assert found["Alarms end so far below their limit"][0][0] == "1.0 K"
    assert found["Images in a row until an alarm"][0][0] == "1"
    assert found["Image too old after"][0][0] == "60 min"
    assert found["Node silent after"][0][0] == "90 min"
    assert found["Dead pixels (row, column)"][0][0] == "3, 4"
    assert "Of its own" not in page
    assert f"Cell A2 has warmed by 2.1 K since {local(since)}" in page
    assert f"Cell A3 has cooled by 1.0 K since {local(since)}" in page


async def test_limits_of_areas(world: World, media: Path) -> None:
    """What an area has of its own is there, and which areas do not count."""
    lug = {"key": "a", "name": "Lug", "kind": "terminal", "points": [[0, 0], [4, 4]]}
    own = {"highest": 60, "warning": 3, "alarm": 5, "emissivity": 0.8}
    lamp = {**lug, "key": "b", "name": "Lamp", "kind": "ignore"}
    await world.configure(areas=[lug | own, lamp, {**lug, "key": "c", "name": "Other"}])
    await world.image()
    page, _ = await report(world)
    found = rows(page)
    assert found["Of its own: Lug"][0][0] == (
        "at most 60.0 °C, warning above 3.0 K, alarm above 5.0 K, emissivity 0.80"
    )
    assert found["Areas that do not count"][0][0] == "Lamp"
    assert found["Node silent after"][0][0] == "automatic"
    assert page.count("Of its own") == 1


async def test_limits_over_time(world: World, media: Path) -> None:
    """The limits at the beginning, and each change with its time, as they were made."""
    lug = {"key": "a", "name": "Lug", "kind": "terminal", "points": [[0, 0], [4, 4]]}
    start = dt_util.utcnow()
    await world.configure(areas=[lug | {"highest": 60, "alarm": 5}], silent_after=90)
    loaded = dt_util.utcnow()
    await world.image()
    made: list[tuple[datetime, str, str]] = []
    for warning, images in ((4.0, 2), (3.5, 2)):
        await world.pass_time(2 * 3600)
        world.battery_node.async_set_alarm_limits(
            imbalance_warning=warning, images=images
        )
        made.append((dt_util.utcnow(), f"{warning} K / 10.0 K", str(images)))
        # The second change comes before an image, and both are there.
        await world.pass_time(60)
    # A limit that is set to what it is, and one that is set back, are in the record.
    world.battery_node.async_set_alarm_limits(images=2)
    await world.image()
    await world.pass_time(3600)
    turned_off = dt_util.utcnow()
    await world.configure(areas=[lug], silent_after=None)
    await world.image()
    await world.hass.async_block_till_done()
    end = dt_util.utcnow() + HOUR
    page, _ = await report(world, start=start - HOUR, end=end)
    parts = settings_parts(page)
    first = f"In force from {local(loaded)} on; not recorded before"
    changed = [f"Changed on {local(at)}" for at, *_ in made]
    last = f"Changed on {local(turned_off)}"
    assert list(parts) == [first, *changed, last]
    assert parts[first] == {
        "Imbalance: warning and alarm above": "5.0 K / 10.0 K",
        "Fast rise: warning and alarm above": "1.0 K/min / 5.0 K/min",
        "Alarms end so far below their limit": "1.0 K",
        "Images in a row until an alarm": "1",
        "Image too old after": "60 min",
        "Node silent after": "90 min",
        "Corrections": "offset 0.0 K, emissivity 0.95",
        "Of its own: Lug": "at most 60.0 °C, alarm above 5.0 K",
    }
    assert parts[changed[0]] == {
        "Imbalance: warning and alarm above": made[0][1],
        "Images in a row until an alarm": made[0][2],
    }
    assert parts[changed[1]] == {"Imbalance: warning and alarm above": made[1][1]}
    assert parts[last] == {"Node silent after": "automatic", "Of its own: Lug": "–"}
    # From the middle on: what was in force then.
    page, _ = await report(world, start=made[1][0] + HOUR / 60, end=end)
    parts = settings_parts(page)
    assert list(parts) == ["In force at the beginning", last]
    beginning = parts["In force at the beginning"]
    assert beginning["Imbalance: warning and alarm above"] == made[1][1]
    assert beginning["Of its own: Lug"] == "at most 60.0 °C, alarm above 5.0 K"
    # A restart changes nothing.
    before = archived_settings(world)
    await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.image()
    await world.hass.async_block_till_done()
    assert archived_settings(world) == before
    assert len(before) == 4


def settings_parts(page: str) -> dict[str, dict[str, str]]:
    """Return the tables of the settings in a report, by their headings."""
    part = page.partition("<h2>Settings and limits</h2>")[2]
    return {
        when: {name: cells[0][0] for name, cells in rows(table).items()}
        for when, table in re.findall(r"<h3>(.*?)</h3>(<table>.*?</table>)", part)
    }


def archived_settings(world: World) -> list[SettingsChange]:
    """Return all settings that are recorded."""
    archive: Archive = get_archive(world.hass)
    begin, end = datetime(1970, 1, 1, tzinfo=UTC), dt_util.utcnow() + 24 * HOUR
    return archive.settings(world.battery_node.subentry_id, begin, end)


async def test_modes(world: World, media: Path) -> None:
    """Which mode images had, and from when on."""
    start, end = await fill(world)
    page, _ = await report(world, start=start, end=end)
    changes: list[tuple[datetime, str]] = []
    for one in stored(world, start, end):
        if not changes or changes[-1][1] != one.image.mode:
            changes.append((one.image.started_at, one.image.mode))
    assert len({mode for _, mode in changes}) > 1
    for at, mode in changes:
        assert rows(page)[f"Mode from {local(at)}"][0][0] == mode.title()


async def test_alarms(world: World, media: Path) -> None:
    """The alarms of the span, with peaks in their units, notes and who has read them."""
    await world.configure(cells=GRID)
    at = dt_util.utcnow() - 48 * HOUR
    logged = [
        LoggedAlarm(
            kind=LogKind.IMBALANCE,
            level=Level.ALARM,
            since=at,
            area="C2",
            peak=12.3,
            peak_at=at + HOUR,
            ended_at=at + 3 * HOUR,
            acknowledged_at=at + 2 * HOUR,
            acknowledged_by="Ann <a>",
            note="<i>Joint tightened",
        ),
        LoggedAlarm(kind=LogKind.RISE, level=Level.WARNING, since=at + HOUR, peak=1.5),
        LoggedAlarm(kind=LogKind.SILENT, level=Level.WARNING, since=at + 2 * HOUR),
        LoggedAlarm(
            kind=LogKind.OVER_THRESHOLD,
            level=Level.ALARM,
            since=at + 4 * HOUR,
            peak=61.0,
        ),
        LoggedAlarm(
            kind=LogKind.OVER_RANGE,
            level=Level.ALARM,
            since=at + 5 * HOUR,
            peak=307.2,
            over_range=True,
        ),
    ]
    get_alarm_log(world.hass).store(world.battery_node.subentry_id, logged)
    page, _ = await report(world, start=at - HOUR)
    found = rows(page)
    assert found["Cell imbalance<small>Alarm, C2</small>"] == [
        (local(at), local(at + 3 * HOUR)),
        ("12.3 K", local(at + HOUR)),
    ]
    # A phone has room for three columns: the rest has all of the table's width, below.
    read = f"<small>Acknowledged: Ann &lt;a&gt;, {local(at + 2 * HOUR)}</small>"
    more = (
        f'<tr><td colspan="3">{read}<small>&lt;i&gt;Joint tightened</small></td></tr>'
    )
    assert page.count("colspan") == page.count(more) == 1
    assert page.index("Cell imbalance<") < page.index(more) < page.index("Fast rise<")
    assert found["Fast rise<small>Warning</small>"][1] == ("1.5 K/min", "")
    assert found["Silent<small>Warning</small>"] == [
        (local(at + 2 * HOUR), "has not ended"),
        ("–", ""),
    ]
    assert found["Over threshold<small>Alarm</small>"][1] == ("61.0 °C", "")
    over = found["Above the measuring range<small>Alarm</small>"]
    assert over[1] == ("over 307 °C", "")
    page, _ = await report(world, start=at - 90 * HOUR, end=at - HOUR)
    assert "There were no alarms." in page


async def test_over_range(world: World, media: Path) -> None:
    """Heat above the range is said in words, of the bank and of the cell."""
    await world.configure(cells=GRID)
    world.model.heat((0, 1), 350)
    await world.image()
    page, _ = await report(world)
    found = rows(page)
    assert found["Hottest"][0][0] == "over 307 °C"
    assert found["A2"][2][0] == "over 307 °C"
    assert "°C" in found["C2"][2][0] and "over" not in found["C2"][2][0]


async def test_button(world: World, media: Path) -> None:
    """The button writes the report of the last 30 days."""
    await world.call("button", "report", "press")
    (file,) = (media / "battery_thermal").iterdir()
    assert "Report of Garage" in file.read_text()
