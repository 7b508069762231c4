"""Results of contestants, and ratios between them."""

from collections import defaultdict

from benchmarks.figures import Spread

from .boards import NETWORK


class Results:
    """Values of all runs, by contestant, measure and number of boards."""

    def __init__(self) -> None:
        """Initialize without values."""
        self._values: defaultdict[tuple[str, str, int], list[float]] = defaultdict(list)

    def add(self, who: str, boards: int, measured: dict[str, float]) -> None:
        """Add the values of a run."""
        for what, value in measured.items():
            self._values[who, what, boards].append(value)
        values = ", ".join(f"{what} {value:.2f}" for what, value in measured.items())
        print(f"  {who}, {boards}: {values}", flush=True)

    def spread(
        self, who: str, what: str, unit: str, digits: int, boards: int = NETWORK
    ) -> Spread | str:
        """Return the values of all runs."""
        values = self._values[who, what, boards]
        return Spread(values, unit, digits) if values else "-"

    def ratio(
        self, who: str, whose: str, what: str, boards: int = NETWORK
    ) -> Spread | str:
        """Return the ratios of ``whose`` values to those of ``who``, run by run."""
        pairs = zip(
            self._values[who, what, boards],
            self._values[whose, what, boards],
            strict=False,
        )
        ratios = [one / other for one, other in pairs]
        return Spread(ratios, "x", 2) if ratios else "-"
