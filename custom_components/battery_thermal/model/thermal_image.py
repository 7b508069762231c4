"""One thermal image, whole or not."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from . import evidence
from .mode import Mode
from .value_range import HIGHEST, LOWEST, WRAP


@dataclass(frozen=True, eq=False)
class ThermalImage:
    """A matrix of temperatures, and how complete and certain it is.

    `values`: int16 tenths of a °C, shape (height, width), row 0 at the top;
    meaningless where `present` (bool, same shape) is False. `node_minimum` and
    `node_maximum` (tenths of a °C) are what the node itself said in the last line.
    `missing_lines` are the numbers of the lines that have not arrived (yet).
    `suspect`: the values cannot be taken as they are, because the node's own minimum and
    maximum contradict them or because some are `doubtful`. Times are those at which the
    network heard lines. `reading`: the image before its temperatures were corrected,
    None if they were not. Values above the node's range are above `value_range.HIGHEST` there.
    `bound`: tenths of a K within which each pixel is of the node's own; None: the pixels are
    the node's own. With a bound, the node's minimum and maximum are those of its pixels.
    `ignored`: bool, same shape as `values`, which pixels do not count; None: all do.
    """

    values: np.ndarray
    present: np.ndarray
    mode: Mode
    lines_expected: int
    missing_lines: tuple[int, ...]
    started_at: datetime
    updated_at: datetime
    closed: bool = False
    node_minimum: int | None = None
    node_maximum: int | None = None
    suspect: bool = False
    reading: ThermalImage | None = None
    bound: int | None = None
    ignored: np.ndarray | None = None

    @property
    def lines_received(self) -> int:
        """How many lines have arrived."""
        return self.lines_expected - len(self.missing_lines)

    @property
    def complete(self) -> bool:
        """Whether every line is there."""
        return not self.missing_lines

    @cached_property
    def counted(self) -> np.ndarray:
        """Which pixels have arrived and are not ignored: bool, (height, width)."""
        if self.ignored is None:
            return self.present
        counted: np.ndarray = self.present & ~self.ignored
        return counted

    @cached_property
    def counts(self) -> bool:
        """Whether a pixel that is not ignored has arrived."""
        return bool(self.counted.any())

    @property
    def measured(self) -> np.ndarray:
        """The pixels that figures are of: all that have arrived if all are ignored."""
        return self.counted if self.counts else self.present

    @cached_property
    def counted_node_maximum(self) -> int | None:
        """The node's own maximum, in tenths of a °C, unless it is that of ignored pixels.

        It counts unless an ignored pixel that has arrived is as hot.
        """
        of_node, ignored = self._uncorrected.node_maximum, self._ignored_readings
        if of_node is None or (ignored.size and ignored.max() >= of_node):
            return None
        return self.node_maximum

    @cached_property
    def maximum(self) -> float:
        """The highest temperature in °C, of arrived pixels or as the node said."""
        highest = int(self.values[self.measured].max())
        if self.counted_node_maximum is not None:
            highest = max(highest, self.counted_node_maximum)
        return highest / 10

    @property
    def highest(self) -> float:
        """The highest temperature in °C, of ignored pixels too."""
        highest = int(self.values[self.present].max())
        if self.node_maximum is not None:
            highest = max(highest, self.node_maximum)
        return highest / 10

    @cached_property
    def minimum(self) -> float:
        """The lowest temperature in °C, of arrived pixels or as the node said."""
        lowest = int(self.values[self.measured].min())
        of_node, ignored = self._uncorrected.node_minimum, self._ignored_readings
        explained = of_node is not None and bool((ignored <= of_node).any())
        if self.node_minimum is not None and not explained:
            lowest = min(lowest, self.node_minimum)
        return lowest / 10

    @cached_property
    def mean(self) -> float:
        """The mean temperature in °C of the arrived pixels."""
        return float(self.values[self.measured].mean()) / 10

    @cached_property
    def _ignored_readings(self) -> np.ndarray:
        """The uncorrected values of ignored pixels that have arrived."""
        if self.ignored is None:
            return self.values[:0]
        readings: np.ndarray = self._uncorrected.values[self.present & self.ignored]
        return readings

    @property
    def _uncorrected(self) -> ThermalImage:
        return self.reading or self

    @cached_property
    def over_range(self) -> np.ndarray:
        """Which pixels are above what the node can say: bool, (height, width)."""
        mask: np.ndarray = self.present & (self._uncorrected.values > HIGHEST)
        return mask

    @property
    def is_over_range(self) -> bool:
        """Whether the maximum is above what the node can say."""
        said = self._uncorrected.node_maximum
        if said is not None and self.counted_node_maximum is not None:
            if said > HIGHEST:
                return True
        return bool((self.over_range & self.counted).any())

    @cached_property
    def doubtful(self) -> np.ndarray:
        """Which pixels may be far hotter than their values: bool, (height, width)."""
        return evidence.find_doubtful(self._uncorrected)

    @cached_property
    def verdict(self) -> evidence.Verdict:
        """What the node's own minimum and maximum say of the pixels."""
        return evidence.judge(self._uncorrected)

    @property
    def hides_heat(self) -> bool:
        """Whether something is hotter than any value says."""
        wrapped = self.verdict is evidence.Verdict.WRAPPED
        return wrapped or bool((self.doubtful & self.counted).any())

    @property
    def hotness(self) -> tuple[bool, float]:
        """What images are compared by: hidden heat, which is above all values; the maximum.

        Only a suspect image hides heat.
        """
        return self.suspect and self.hides_heat, self.maximum

    @property
    def knows_extremes(self) -> bool:
        """Whether no line that is missing can have another minimum or maximum."""
        return self.complete or self.counted_node_maximum is not None

    def as_dict(self) -> dict[str, Any]:
        """Return the image for JSON; missing values are None."""
        present = self.present.tolist()
        return {
            "values": [
                [value if there else None for value, there in zip(*row, strict=True)]
                for row in zip(self.values.tolist(), present, strict=True)
            ],
            "mode": self.mode,
            "lines_expected": self.lines_expected,
            "missing_lines": list(self.missing_lines),
            "started_at": self.started_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
            "closed": self.closed,
            "node_minimum": self.node_minimum,
            "node_maximum": self.node_maximum,
            "suspect": self.suspect,
        } | ({} if self.bound is None else {"bound": self.bound})

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ThermalImage:
        """Return the image that `as_dict` was called on."""
        rows = data["values"]
        present = np.array([[value is not None for value in row] for row in rows])
        values, maximum = as_measured(
            np.array([[value or 0 for value in row] for row in rows], np.int16),
            present,
            data["node_minimum"],
            data["node_maximum"],
        )
        return cls(
            values=values,
            present=present,
            mode=Mode(data["mode"]),
            lines_expected=data["lines_expected"],
            missing_lines=tuple(data["missing_lines"]),
            started_at=datetime.fromisoformat(data["started_at"]),
            updated_at=datetime.fromisoformat(data["updated_at"]),
            closed=data["closed"],
            node_minimum=data["node_minimum"],
            node_maximum=maximum,
            suspect=data["suspect"],
            bound=data.get("bound"),
        )


def as_measured(
    values: np.ndarray, present: np.ndarray, minimum: int | None, maximum: int | None
) -> tuple[np.ndarray, int | None]:
    """Return pixels and maximum as they are decoded today, given those that were stored.

    Earlier releases stored what had wrapped as it arrived, down to -45.0 °C.
    """
    wrapped = (values >= LOWEST - 50) & (values < LOWEST)
    measured = np.where(wrapped, values + WRAP, values).astype(np.int16)
    return evidence.resolve(measured, present, minimum, maximum)
