"""Rows a day in the recorder's database, and lines in Activity, while nothing changes."""

import asyncio
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
import sqlite3
import time
from urllib.parse import quote

from .figures import Section, Spread, write
from .ground.house import House, house

BOARDS = 5
SECONDS = 600.0
"""Duration of counting."""
UPLINK = 25.0
"""Seconds between two uplinks of a node, as of published nodes."""
DAY = 86_400

_COMMITTED = 8.0
"""Seconds until the recorder has committed: it commits every five seconds."""

BEFORE = {
    "board": {
        "rows": 1440.0,
        "lines": 1440.0,
        "last rows": 1440.0,
        "last lines": 1440.0,
    },
    "node": {
        "rows": 15696.0,
        "lines": 1872.0,
        "last rows": 1440.0,
        "last lines": 1440.0,
    },
}
"""The same of version 0.1.0, which wrote *Last seen* and *Last uplink* every minute (2026-11-28, 1 run)."""

LAST = {"board": "last_seen", "node": "last_uplink"}
NAMES = {"board": "a board", "node": "a battery node"}


@dataclass(frozen=True)
class Entities:
    """The entities of one kind of device."""

    all: frozenset[str]
    last: frozenset[str]
    """The entities with the time of the last message."""


async def measure() -> dict[str, dict[str, float]]:
    """Return rows and lines per device and day, by the kind of device."""
    async with house(BOARDS) as built:
        kinds = await _entities(built)
        await asyncio.sleep(_COMMITTED)
        start = datetime.now(UTC)
        speaking = asyncio.create_task(_speak(built))
        await asyncio.sleep(SECONDS)
        end = datetime.now(UTC)
        speaking.cancel()
        with suppress(asyncio.CancelledError):
            await speaking
        await asyncio.sleep(_COMMITTED)
        rows = await asyncio.to_thread(_rows, built.home_assistant.folder, start, end)
        lines = await _lines(built, start, end)
    found = {}
    for kind, entities in kinds.items():
        scale = DAY / SECONDS / (BOARDS if kind == "board" else 1)
        found[kind] = {
            "rows": scale * sum(rows[entity] for entity in entities.all),
            "lines": scale * sum(lines[entity] for entity in entities.all),
            "last rows": scale * sum(rows[entity] for entity in entities.last),
            "last lines": scale * sum(lines[entity] for entity in entities.last),
        }
    return found


async def _speak(built: House) -> None:
    """Send lines of the node at the pace of published nodes."""
    began = time.monotonic()
    for number in range(1, round(SECONDS / UPLINK) + 1):
        await built.node.step()
        await asyncio.sleep(max(began + number * UPLINK - time.monotonic(), 0))


async def _entities(built: House) -> dict[str, Entities]:
    """Return the entities of the boards and of the node, without the network's own."""
    registry = await built.home_assistant.command("config/entity_registry/list")
    macs = {board.mac for board in built.boards}
    found = {}
    for kind, domain in ("board", "esp32_sensors"), ("node", "battery_thermal"):
        entities = [
            entity
            for entity in registry
            if entity["platform"] == domain
            and (kind == "node" or any(mac in entity["unique_id"] for mac in macs))
        ]
        found[kind] = Entities(
            frozenset(entity["entity_id"] for entity in entities),
            frozenset(
                entity["entity_id"]
                for entity in entities
                if entity["translation_key"] == LAST[kind]
            ),
        )
    return found


def _rows(folder: Path, start: datetime, end: datetime) -> Counter[str]:
    """Count the states in the recorder's database by entity."""
    recorder = f"file:{folder / 'home-assistant_v2.db'}?mode=ro"
    with closing(sqlite3.connect(recorder, uri=True)) as database:
        return Counter(
            entity_id
            for (entity_id,) in database.execute(
                "SELECT states_meta.entity_id FROM states JOIN states_meta USING (metadata_id)"
                " WHERE states.last_updated_ts BETWEEN ? AND ?",
                (start.timestamp(), end.timestamp()),
            )
        )


async def _lines(built: House, start: datetime, end: datetime) -> Counter[str]:
    """Count the lines of Activity by entity."""
    path = f"/api/logbook/{quote(start.isoformat())}?end_time={quote(end.isoformat())}"
    entries = await built.home_assistant.get(path)
    return Counter(entry["entity_id"] for entry in entries if "entity_id" in entry)


def main(runs: int) -> None:
    """Measure ``runs`` times and write the section."""
    results = [asyncio.run(measure()) for _ in range(runs)]
    rows = []
    for kind, name in NAMES.items():
        keys = "rows", "last rows", "lines", "last lines"
        rows.append([f"{name}, before", *(f"{BEFORE[kind][key]:.0f}" for key in keys)])
        rows.append(
            [
                f"{name}, now",
                *(
                    str(Spread([result[kind][key] for result in results], "", 0))
                    for key in keys
                ),
            ]
        )
    write(
        Section(
            "Rows and lines a day",
            f"{BOARDS} boards whose light does not change and a battery node (a line every {UPLINK:.0f} s, fast images),"
            f" without faults, in a complete Home Assistant for {SECONDS / 60:.0f} minutes. Counted per device and day: the"
            " recorder's rows of the entities that are enabled by default, and the lines of Activity. *Of the time* are"
            " those of *Last seen* of a board and *Last uplink* of a node. *Before* is version 0.1.0 (1 run), which wrote"
            " both every minute.",
            [
                "",
                "rows",
                "of them of the time",
                "lines in Activity",
                "of them of the time",
            ],
            rows,
            runs,
        )
    )
