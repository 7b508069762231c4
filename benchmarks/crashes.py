"""The process that writes is killed, again and again: nothing that was said to be written may be gone."""

import asyncio
from collections import Counter
from multiprocessing import get_context
from random import Random
import tempfile

from .figures import Section, write
from .targets.writers import Left, read, write_for_ever

KILLS = 100
"""In each run."""
LONGEST = 0.4
"""Seconds that a process lives after its first word."""


def live_and_die(folder: str, random: Random) -> list[tuple[str, object]]:
    """Let a process write, kill it at a random moment, and return what it said it had written."""
    # Forked: to load everything anew would take a hundred times as long as to live.
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=write_for_ever, args=(folder, there), daemon=True)
    process.start()
    there.close()
    said = [here.recv()]
    process.join(random.uniform(0, LONGEST))
    process.kill()
    process.join()
    while True:
        try:
            said.append(here.recv())
        except EOFError, OSError:
            return said


def lost(
    said: list[tuple[str, object]], left: Left, known: dict[str, object]
) -> Counter[str]:
    """Return how much of what was said cannot be read. ``known``: what was said before, by whom it is about."""
    gone: Counter[str] = Counter()
    for what, value in said:
        if what == "image":
            gone["images"] += value not in left.images
        else:
            known[what] = value
    record = known.pop("record", 0)
    gone["records"] += left.record < record  # type: ignore[operator]
    known["record"] = record
    for mac, session in known.items():
        if mac != "record":
            # A newer one may have been written and not been said yet.
            gone["sessions"] += left.sessions.get(mac, "") < str(session)
    return gone


def measure(seed: int) -> Counter[str]:
    """Kill a process many times over the same files; count what was written and what was lost."""
    random = Random(seed)
    figures: Counter[str] = Counter()
    known: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(KILLS):
            said = live_and_die(folder, random)
            left = asyncio.run(read(folder))
            figures["kills"] += 1
            figures += Counter(
                {"record": "records written", "image": "images written"}.get(
                    what, "sessions written"
                )
                for what, _ in said
            )
            for what, number in lost(said, left, known).items():
                figures[f"{what} lost"] += number
    return figures


def main(runs: int) -> None:
    """Measure ``runs`` times and write the section."""
    total: Counter[str] = Counter()
    for seed in range(1, runs + 1):
        total += measure(seed)
    write(
        Section(
            "Killed in the middle of a write",
            "A process writes with the integrations' own storage code without a pause - names and sessions of boards, the record of"
            " a node, its images - and is killed (SIGKILL) at a random moment; then everything is read as after a start. What the"
            " code had said to be written has to be there.",
            ["", "written", "lost"],
            [
                [name, f"{total[f'{name} written']:,}", total[f"{name} lost"]]
                for name in ("sessions", "records", "images")
            ]
            + [["times killed", total["kills"], ""]],
            runs,
        )
    )
