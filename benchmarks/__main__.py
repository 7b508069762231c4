"""Run the named benchmarks, or all of them without a name."""

import argparse
from importlib import import_module
from pathlib import Path

NAMES = sorted(
    file.stem
    for file in Path(__file__).parent.glob("*.py")
    if file.stem not in ("__init__", "__main__", "figures")
)


def main() -> None:
    """Run the benchmarks that the arguments name."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--runs", type=int, default=5, help="runs of each (default: 5)")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(
            f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}"
        )
    for name in options.names or NAMES:
        print(f"{name} ...", flush=True)
        import_module(f"{__package__}.{name}").main(options.runs)


if __name__ == "__main__":
    main()
