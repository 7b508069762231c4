"""Runs a fuzz target guided by coverage (atheris), and returns rows of figures."""

from pathlib import Path
import re
import subprocess

ROOT = Path(__file__).parents[2]
SECONDS = 60
MEMORY_MB = 256


def fuzz(target: str, *, longest: int, runs: int) -> list[list[object]]:
    """Fuzz ``runs`` times, each with another seed, with inputs of at most ``longest`` bytes.

    Returns seed, inputs and peak memory of each. Raises RuntimeError if the target found anything.
    """
    subprocess.run([ROOT / "script" / "setup", "fuzz"], check=True)
    rows: list[list[object]] = []
    for seed in range(1, runs + 1):
        done = subprocess.run(
            [
                ROOT / ".venvs" / "fuzz" / "bin" / "python",
                ROOT / "benchmarks" / "targets" / f"{target}.py",
                f"-seed={seed}",
                f"-max_len={longest}",
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
    return rows
