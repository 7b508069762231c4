"""Coverage-guided fuzzing of the session protocol's parsers."""

from pathlib import Path
import re
import subprocess

from .figures import Section, write

ROOT = Path(__file__).parents[1]
SECONDS = 60
LONGEST = 64 * 1024
MEMORY_MB = 256


def main(runs: int) -> None:
    """Fuzz ``runs`` times for a minute, each with another seed; raise when anything but a discard comes out."""
    subprocess.run([ROOT / "script" / "setup", "fuzz"], check=True)
    rows = []
    for seed in range(1, runs + 1):
        done = subprocess.run(
            [
                ROOT / ".venvs" / "fuzz" / "bin" / "python",
                ROOT / "benchmarks" / "targets" / "fuzz_protocol.py",
                f"-seed={seed}",
                f"-max_len={LONGEST}",
                f"-max_total_time={SECONDS}",
                f"-rss_limit_mb={MEMORY_MB}",
                "-print_final_stats=1",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        figures = dict(re.findall(r"stat::(\w+):\s+(\d+)", done.stderr))
        rows.append(
            [
                seed,
                f"{int(figures['number_of_executed_units']):,}",
                f"{figures['peak_rss_mb']} MB",
            ]
        )
    write(
        Section(
            "Fuzzing the session protocol",
            f"Every parser of the protocol on any bytes up to {LONGEST // 1024} kB, guided by coverage, {SECONDS} s a seed."
            " An exception other than a message's being discarded ends the benchmark without a figure: there was none.",
            ["seed", "inputs", "peak memory"],
            rows,
            runs,
        )
    )
