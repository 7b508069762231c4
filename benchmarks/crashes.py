"""Crash safety: a writing process is killed repeatedly, and confirmed writes must be readable."""

import asyncio
from collections import Counter
from multiprocessing import get_context
from random import Random
import tempfile

from .figures import Section, write
from .targets.writers import Left, read, write_for_ever

KILLS = 100
"""Number of processes killed in each run."""
LONGEST = 0.4
"""Seconds between the first confirmed write and the kill."""


def live_and_die(folder: str, random: Random) -> list[tuple[str, object]]:
    """Let a process write, kill it at a random moment, and return the writes that it confirmed."""
    # Forked, because loading all modules takes a hundred times as long as the test.
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
    """Return the number of confirmed writes that cannot be read; ``known``: earlier confirmed writes."""
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
            # A newer write may exist that was not confirmed yet.
            gone["sessions"] += left.sessions.get(mac, "") < str(session)
    return gone


def measure(seed: int) -> Counter[str]:
    """Kill a process repeatedly over the same files; count confirmed and lost writes."""
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
            "A process writes without a pause, with the integrations' own storage code: names and sessions of boards, the"
            " record of a node, and images. It is killed (SIGKILL) at a random moment. Then all data are read as after a"
            " start. Everything that the code had reported as written must be there.",
            ["", "written", "lost"],
            [
                [name, f"{total[f'{name} written']:,}", total[f"{name} lost"]]
                for name in ("sessions", "records", "images")
            ]
            + [["times killed", total["kills"], ""]],
            runs,
        )
    )
