"""The image under way, and whether a line belongs to it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from ..model.evidence import is_suspect, resolve
from ..model.thermal_image import ThermalImage
from .layout import grid_with_lines_of
from .node_message import Located
from .session import is_same_session, may_be_same_session, newest_session

JITTER: Final = timedelta(seconds=0.25)
"""How inexact the times are that the network server reports."""

_ON_THE_WAY: Final = timedelta(seconds=10)
"""The longest time from a gateway to here."""


@dataclass(frozen=True, slots=True)
class GrowingImage:
    """An image to which lines are added.

    `session`: that of its lines, unknown until one reports it. `first_count`: the frame
    counter that its line 0 had or would have had. `newest`, `newest_at`: number and time
    of the line received last.
    """

    image: ThermalImage
    session: str
    first_count: int
    newest: int
    newest_at: datetime

    @classmethod
    def begin(cls, located: Located) -> GrowingImage:
        """Return the empty image that a line belongs to."""
        message, line, (mode, number), _ = located
        grid = grid_with_lines_of(mode, len(line.values))
        image = ThermalImage(
            values=np.zeros((grid.height, grid.width), np.int16),
            present=np.zeros((grid.height, grid.width), np.bool_),
            mode=mode,
            lines_expected=grid.lines,
            missing_lines=tuple(range(grid.lines)),
            started_at=message.received_at,
            updated_at=message.received_at,
        )
        return cls(
            image,
            message.session,
            first_count=message.f_cnt - number,
            newest=number,
            newest_at=message.received_at,
        )

    def over_at(self, interval: timedelta) -> datetime:
        """Return when the last line can no longer come, at one line an interval."""
        left = self.image.lines_expected - self.newest
        return self.newest_at + (left + 1) * interval + _ON_THE_WAY

    def includes(self, located: Located, interval: timedelta) -> bool:
        """Return whether a line belongs to this image.

        A frame counter that runs on within one session shows it. Time has to show it

        - where the frame counter equals the line's number: it may restart with each
          image, and a line may be followed by a later line of a later image;
        - where the session of one of both is not known: the node may have joined again
          in between, and its frame counter have reached the same numbers.

        `interval`: the usual time between two messages.
        """
        message, line, (mode, number), _ = located
        first_count = message.f_cnt - number
        if not may_be_same_session(message.session, self.session):
            return False
        if first_count != self.first_count:
            return False
        if (
            grid_with_lines_of(mode, len(line.values)).lines
            != self.image.lines_expected
        ):
            return False
        steps = number - self.newest
        elapsed = message.received_at - self.newest_at
        one_session = is_same_session(message.session, self.session)
        if first_count and (
            one_session or not self._may_have_joined(message.f_cnt, elapsed, interval)
        ):
            return True
        if (steps > 0) != (elapsed >= timedelta()):
            return False
        # Whole images lie between a line and the same line of a later one, and a node
        # may need half as long again for a message as usual.
        doubt = min(self.image.lines_expected / 2, 1 + abs(steps) / 2)
        if not one_session:
            # A node that has joined again in between has sent a reset and has repeated
            # all lines up to the older of both: this is half of that time.
            doubt = min(doubt, 1 + min(number, self.newest) / 2)
        return abs(elapsed - steps * interval) <= doubt * interval + JITTER

    def _may_have_joined(
        self, f_cnt: int, elapsed: timedelta, interval: timedelta
    ) -> bool:
        """Return whether the node had time to join and to count from 0 to where it is.

        `elapsed`: between the line received last and one with the frame counter `f_cnt`,
        negative if that is the older one. The node may be twice as fast as usual.
        """
        counted = min(f_cnt, self.first_count + self.newest)
        return abs(elapsed) >= counted * interval / 2

    def has_line(self, number: int) -> bool:
        """Return whether a line has arrived."""
        return number not in self.image.missing_lines

    def with_line(self, located: Located) -> GrowingImage:
        """Return the image with one more line."""
        message, _, (_, number), late = located
        growing = replace(
            self,
            image=_with_line(self.image, located),
            session=newest_session(self.session, message.session),
        )
        if late:
            return growing
        return replace(growing, newest=number, newest_at=message.received_at)

    def as_dict(self) -> dict[str, Any]:
        """Return everything, for JSON."""
        return {
            "image": self.image.as_dict(),
            "session": self.session,
            "first_count": self.first_count,
            "newest": self.newest,
            "newest_at": self.newest_at.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> GrowingImage:
        """Return what `as_dict` was called on."""
        return cls(
            image=ThermalImage.from_dict(data["image"]),
            session=data["session"],
            first_count=data["first_count"],
            newest=data["newest"],
            newest_at=datetime.fromisoformat(data["newest_at"]),
        )


def _with_line(image: ThermalImage, located: Located) -> ThermalImage:
    """Return an image with one more line."""
    message, line, (mode, number), _ = located
    grid = grid_with_lines_of(mode, len(line.values))
    values, present = image.values.copy(), image.present.copy()
    area = grid.area(number)
    values[area] = grid.block(line.values)
    present[area] = True
    whole = replace(
        image,
        values=values,
        present=present,
        missing_lines=tuple(n for n in image.missing_lines if n != number),
        started_at=min(image.started_at, message.received_at),
        updated_at=max(image.updated_at, message.received_at),
    )
    if line.is_last:
        values, maximum = resolve(values, present, line.minimum, line.maximum)
        whole = replace(
            whole, values=values, node_minimum=line.minimum, node_maximum=maximum
        )
    return replace(whole, suspect=is_suspect(whole))
