"""Checks of times that a network server reports or that were stored.

The network server's clock stamps uplinks; the local clock is Home Assistant's. Either may
be wrong. A local clock that was set by hand, or without summer time, is wrong by an hour;
a broken or hostile network server may report any time. The rules:

- A live uplink has a time within `TOLERANCE` of the local time. Any other time, past or
  future, is replaced by the time of its arrival.
- An uplink from the network server's storage has no time of arrival. It is left out if
  its time is in the future, or before the storage's retention.
- In a stored record, times in the future are replaced by the present time when the
  record is read.

The current time is an argument; no function reads a clock.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

# Two hours: a clock without summer time is wrong by one hour; twice that.
TOLERANCE: Final = timedelta(hours=2)

# Largest distance of a stored time in the future: a network server may ask to wait for
# a day (`settings_sender`), and uplinks are accepted within the tolerance.
_FURTHEST_AHEAD: Final = timedelta(days=1) + TOLERANCE

# A local clock with an earlier time has never been set, so it is not used for checks.
_FIRST_RELEASE: Final = datetime(2026, 1, 1, tzinfo=UTC)


def arrival_time(claimed: datetime, now: datetime) -> datetime:
    """Return the time of a live uplink: as claimed if within the tolerance, else now."""
    return claimed if abs(claimed - now) <= TOLERANCE else now


def can_be_stored(claimed: datetime, now: datetime, kept_for: timedelta) -> bool:
    """Return whether an uplink of that time can be in a storage with this retention."""
    return now - kept_for - TOLERANCE <= claimed <= now + TOLERANCE


def latest_time(now: datetime) -> datetime:
    """Return the latest plausible time of a stored record.

    While the local clock has not been set, this is the latest possible time.
    """
    if now < _FIRST_RELEASE:
        return datetime.max.replace(tzinfo=UTC)
    return now + _FURTHEST_AHEAD


def replace_future_times(record: Any, now: datetime) -> Any:
    """Return a JSON record with `now` in place of each time in the future.

    Times are strings in ISO format with a time zone, at any depth.
    """
    match record:
        case dict():
            return {
                key: replace_future_times(value, now) for key, value in record.items()
            }
        case list():
            return [replace_future_times(value, now) for value in record]
        case str() if _time(record) > latest_time(now):
            return now.isoformat()
    return record


def _time(text: str) -> datetime:
    """Return the time in a string, or the earliest possible time without one."""
    never = datetime.min.replace(tzinfo=UTC)
    # Shorter strings, a date for example, are not times.
    if len(text) < len("2026-01-01T00:00Z"):
        return never
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return never
    return never if time.tzinfo is None else time
