"""Uplinks that were missed, and uplinks that come twice.

The network server may have stored what it received while Home Assistant was not
connected. What it returns may have been received live as well, earlier or later.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from ..lorawan.network_server import NOT_STORED, Uplink, UplinkStorage
from ..protocol.formats import decode_uplink
from ..protocol.locator import OVERTAKEN
from ..protocol.session import may_be_same_session
from ..protocol.uplink import Reset, UplinkError

# Number of uplinks whose copies are recognized, at least and at most. The maximum is an
# hour of a node that sends every two seconds: what is not stored yet is fetched earlier.
_RECENT: Final = 64
_MOST: Final = 2048

# A node of class A has receive windows of two seconds after each uplink (LoRaWAN 1.0.4,
# 3.3), so that its uplinks are further apart than this.
_PAUSE: Final = timedelta(seconds=1)

_NEVER: Final = datetime.min.replace(tzinfo=UTC)

type _Key = tuple[int, datetime, int | None, bytes]


class CatchUp(StrEnum):
    """Result of the last attempt to fetch missed uplinks."""

    FETCHED = "fetched"
    """The network server returned them."""
    OFF = "off"
    """The network server stores none: it cannot, or the owner has not enabled that."""
    FAILED = "failed"
    """The network server could not be asked."""


class HeardUplinks:
    """The uplinks received last, to recognize a copy of one, live or stored."""

    def __init__(self) -> None:
        """Start with none."""
        self._sessions: dict[_Key, str] = {}

    def remember(self, uplink: Uplink, keep_from: datetime | None) -> None:
        """Remember an uplink, and forget old ones.

        `keep_from`: those received later may be fetched once more; None: none may.
        """
        self._sessions[_key(uplink)] = uplink.session
        while len(self._sessions) > _RECENT:
            oldest = next(iter(self._sessions))
            received_at = oldest[1]
            wanted = keep_from is not None and received_at > keep_from
            if wanted and len(self._sessions) <= _MOST:
                return
            del self._sessions[oldest]

    def __contains__(self, uplink: Uplink) -> bool:
        """Return whether a copy of an uplink has been received."""
        session = self._sessions.get(_key(uplink))
        return session is not None and may_be_same_session(session, uplink.session)

    def newest(self, since: datetime) -> datetime:
        """Return when the newest uplink was received, at least `since`."""
        return max((since, *(received_at for _, received_at, *_ in self._sessions)))


class MissedUplinks:
    """Selects the stored uplinks that are to be received, and recognizes copies."""

    def __init__(self, storage: UplinkStorage | None) -> None:
        """Start with no uplink received and none missed.

        `storage`: how the network server stores uplinks, None if it stores none.
        """
        self._storage = storage
        self.in_progress = False
        """Whether missed uplinks are being fetched and received."""
        self.outcome: CatchUp | None = None
        self.caught_up_to: datetime | None = None
        """Uplinks received later may not have been stored when they were fetched; None:
        they were, or are never stored."""
        self._heard = HeardUplinks()

    def missing_since(self, heard_at: datetime | None) -> datetime:
        """Return from when on uplinks may be missing.

        `heard_at`: when the newest uplink was received, None if there was none.
        """
        return self.caught_up_to or heard_at or _NEVER

    def receive_notice(self, kind: str) -> None:
        """Note a report that the server does not store the node's uplinks."""
        if kind == NOT_STORED:
            self.outcome = CatchUp.OFF

    def remember(self, uplink: Uplink) -> bool:
        """Remember an uplink; return False if a copy of it has been received."""
        if uplink in self._heard:
            return False
        self._heard.remember(uplink, self.caught_up_to)
        return True

    def select(
        self, stored: Sequence[Uplink] | None, since: datetime, now: datetime
    ) -> list[Uplink]:
        """Return which uplinks that the network server has stored are to be received.

        `stored`: those since `since`, oldest first; None: they could not be fetched.
        """
        missed = missed_uplinks(stored or (), since, self._heard)
        new = outcome(stored, since, now, self._storage)
        self.outcome = new or self.outcome
        # A server that stores none is not asked again.
        times = [uplink.received_at for uplink in stored or ()]
        self.caught_up_to = None if new is CatchUp.OFF else max((since, *times))
        return missed

    def select_late(
        self, stored: Sequence[Uplink] | None, since: datetime, now: datetime
    ) -> list[Uplink]:
        """Return which uplinks that were not stored at first are to be received.

        `stored`: what the network server has from `since` on, which was `caught_up_to`;
        None: that could not be fetched.
        """
        missed = missed_uplinks(stored or (), since, self._heard)
        self.caught_up_to = None
        if stored is not None:
            self.outcome = outcome(stored, since, now, self._storage) or self.outcome
        return missed


def leaves_gap(stored: Sequence[Uplink] | None, since: datetime) -> bool:
    """Return whether uplinks may be missing between `since` and the first stored one.

    Without a gap the uplink received at `since` is among the stored ones. Half of the
    shortest pause of a node allows for the clocks.
    """
    return not stored or stored[0].received_at - since > _PAUSE


def missed_uplinks(
    stored: Iterable[Uplink], since: datetime, heard: HeardUplinks
) -> list[Uplink]:
    """Return which stored uplinks came after `since` and have not been received.

    An uplink that newer ones have overtaken is left out unless it can be placed.
    Simulated ones are left out: they are of use only at the moment of the attempt.
    """
    newest = heard.newest(since)
    return [
        uplink
        for uplink in stored
        if uplink.received_at > since
        and not uplink.simulated
        and uplink not in heard
        and (uplink.received_at >= newest or _can_be_placed(uplink, newest))
    ]


def outcome(
    stored: Sequence[Uplink] | None,
    since: datetime,
    now: datetime,
    storage: UplinkStorage | None,
) -> CatchUp | None:
    """Return what the stored uplinks show of the server; None: nothing.

    The uplink received last, at `since`, is among them, unless it is too old or too new.
    None for the uplinks: they could not be fetched. None for the storage: the server
    stores none.
    """
    if storage is None:
        return CatchUp.OFF
    if stored is None:
        return CatchUp.FAILED
    if stored:
        return CatchUp.FETCHED
    if not storage.repeats_newest:
        return None
    return (
        CatchUp.OFF if storage.stored_within < now - since < storage.kept_for else None
    )


def _key(uplink: Uplink) -> _Key:
    """Return what a live and a stored copy of an uplink have in common."""
    return uplink.f_cnt, uplink.received_at, uplink.f_port, uplink.payload


def _can_be_placed(uplink: Uplink, newest: datetime) -> bool:
    """Return whether an uplink may be received after newer ones, the last at `newest`.

    A line that was overtaken is put into the image under way, or nowhere. A reset would
    end that image, and an older line would be taken for a new one.
    """
    if newest - uplink.received_at > OVERTAKEN:
        return False
    try:
        return not isinstance(decode_uplink(uplink.payload), Reset)
    except UplinkError:
        return False
