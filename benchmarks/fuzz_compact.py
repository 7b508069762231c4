"""Coverage-guided fuzzing of the decoder of compact pictures."""

from .figures import Section, write
from .ground.fuzzer import SECONDS, fuzz

LONGEST = 255


def main(runs: int) -> None:
    """Fuzz ``runs`` times for a minute, each with another seed. Raises for any exception but UplinkError."""
    rows = fuzz("fuzz_compact", longest=LONGEST, runs=runs)
    write(
        Section(
            "Fuzzing the compact format",
            f"The decoder of compact pictures on any bytes up to {LONGEST}, guided by coverage, {SECONDS} s a seed. An"
            " exception other than a refusal, or an input that takes 100 ms of the processor (instrumented code is ten"
            " times slower), ends the benchmark without a figure: there was none.",
            ["seed", "inputs", "peak memory"],
            rows,
            runs,
        )
    )
