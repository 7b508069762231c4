"""One thermal image, whole or not."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from custom_components.battery_thermal.node.layout import Mode


@dataclass(frozen=True, eq=False)
class ThermalImage:
    """A matrix of temperatures, and what is known of its making.

    `values`: int16 tenths of a °C, shape (height, width), row 0 at the top;
    meaningless where `present` (bool, same shape) is False. `node_minimum` and
    `node_maximum` (tenths of a °C) are what the node itself said in the last line.
    `missing_lines` are the numbers of the lines that have not arrived (yet).
    `suspect`: the node's own minimum and maximum contradict the pixels, so lines of
    two images may have been mixed. Times are those at which the network heard lines.
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

    @property
    def lines_received(self) -> int:
        """How many lines have arrived."""
        return self.lines_expected - len(self.missing_lines)

    @property
    def complete(self) -> bool:
        """Whether every line is there."""
        return not self.missing_lines

    @cached_property
    def maximum(self) -> float:
        """The highest temperature in °C, of arrived pixels or as the node said."""
        highest = int(self.values[self.present].max())
        if self.node_maximum is not None:
            highest = max(highest, self.node_maximum)
        return highest / 10

    @cached_property
    def minimum(self) -> float:
        """The lowest temperature in °C, of arrived pixels or as the node said."""
        lowest = int(self.values[self.present].min())
        if self.node_minimum is not None:
            lowest = min(lowest, self.node_minimum)
        return lowest / 10

    @cached_property
    def mean(self) -> float:
        """The mean temperature in °C of the arrived pixels."""
        return float(self.values[self.present].mean()) / 10

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
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ThermalImage:
        """Return the image that `as_dict` was called on."""
        rows = data["values"]
        return cls(
            values=np.array([[value or 0 for value in row] for row in rows], np.int16),
            present=np.array([[value is not None for value in row] for row in rows]),
            mode=Mode(data["mode"]),
            lines_expected=data["lines_expected"],
            missing_lines=tuple(data["missing_lines"]),
            started_at=datetime.fromisoformat(data["started_at"]),
            updated_at=datetime.fromisoformat(data["updated_at"]),
            closed=data["closed"],
            node_minimum=data["node_minimum"],
            node_maximum=data["node_maximum"],
            suspect=data["suspect"],
        )
