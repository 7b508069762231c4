"""Coverage-guided fuzzing of the session protocol's parsers."""

from .figures import Section, write
from .ground.fuzzer import SECONDS, fuzz

LONGEST = 64 * 1024


def main(runs: int) -> None:
    """Fuzz ``runs`` times for a minute, each with another seed. Raises for any exception but Discarded."""
    rows = fuzz("fuzz_protocol", longest=LONGEST, runs=runs)
    write(
        Section(
            "Fuzzing the session protocol",
            f"Every parser of the protocol is called with arbitrary bytes of up to {LONGEST // 1024} kB, guided by"
            f" coverage, for {SECONDS} s with each seed. Any exception other than that for a discarded message ends the"
            " benchmark without a figure. There was none.",
            ["seed", "inputs", "peak memory"],
            rows,
            runs,
        )
    )
