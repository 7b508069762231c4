"""Permission for all boards to join for some minutes."""

from datetime import datetime
from typing import Final

from homeassistant.util import dt as dt_util

from ..const import PERMIT_JOINING
from ..core.admission import Admission
from ..core.clock import Instant

#: Seconds between both clocks from which on the wall clock was set, and not only adjusted
#: gradually by a time service.
_CLOCK_WAS_SET: Final = 2.0


class JoiningPermit:
    """The time until which all boards may join, for the owner to see."""

    def __init__(self, admission: Admission) -> None:
        """Initialize without a permission."""
        self.until: datetime | None = None
        """Until when every board may join; None when there is no permission."""
        self._admission = admission

    def permit(self, now: Instant) -> None:
        """Let every board join from now on for ``PERMIT_JOINING`` seconds."""
        self._admission.open_until = now.monotonic + PERMIT_JOINING
        self.until = dt_util.utc_from_timestamp(now.utc + PERMIT_JOINING)

    def update(self, now: Instant) -> None:
        """End an expired permission; correct ``until`` when the wall clock was set.

        The permission ends by the monotonic clock.
        """
        if self.until is None:
            return
        rest = self._admission.open_until - now.monotonic
        shown = self.until.timestamp() - now.utc
        if rest <= 0:
            self.until = None
        elif abs(shown - rest) > _CLOCK_WAS_SET:
            self.until = dt_util.utc_from_timestamp(round(now.utc + rest))
