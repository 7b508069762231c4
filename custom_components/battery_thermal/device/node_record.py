"""The record of one node: all that is known of it, and how a message changes it.

Times are passed in. Whoever has to act on a change listens to the record.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
import logging
from typing import Any, NamedTuple

from ..lorawan.network_server import Join, Uplink
from ..lorawan.traffic import Traffic
from ..model.archived_image import ArchivedImage
from ..model.mode import Mode
from ..protocol.assembly_result import AssemblyResult
from ..protocol.delivery import Delivery
from ..protocol.fan_evidence import judge_fan
from ..protocol.formats import Content, Report, decode_uplink
from ..protocol.node_message import NodeMessage
from ..protocol.session import UNKNOWN_SESSION, may_be_same_session, newest_session
from ..protocol.uplink import Reset, UplinkError, UplinkErrorReason
from .catch_up import MissedUplinks, leaves_gap
from .counter_check import CounterCheck
from .image_record import ImageRecord
from .listeners import Listeners
from .node_config import NodeConfig
from .presence import NOT_SILENT, SILENT, Presence

_LOGGER = logging.getLogger(__name__)


class SettingsEvidence(NamedTuple):
    """What an uplink shows of the settings that the node has.

    `mode` is None where that is not certain. `maximum`: that of the image, in °C, of its
    last line only: what has arrived before may lack the hottest line.
    """

    received_at: datetime
    mode: Mode | None
    fan: bool
    maximum: float | None


class NodeRecord:
    """All that is known of one node. `monotonic` arguments are seconds."""

    def __init__(self, config: NodeConfig, now: datetime, monotonic: float) -> None:
        """Start with nothing known."""
        self.config = config
        self.images = ImageRecord(config)
        self.watch = self.images.watch
        self.delivery = Delivery(config.budget)
        self.traffic = Traffic()
        self.presence = Presence(now, monotonic)
        self.missed = MissedUplinks(config.storage)
        self.counter_check = CounterCheck()
        self.rejected: Counter[str] = Counter()
        """Messages that could not be read, by reason."""
        self.notices: Counter[str] = Counter()
        """Messages of a known kind that change nothing, and simulated ones."""
        self.encrypted = False
        """Whether the network server does not decrypt the payloads. A downlink would
        reach the node unencrypted, and the node would read other settings in it."""
        self.known_to_server: bool | None = None
        """Whether the network server has such a device; None: it has not shown yet."""
        self.image_listeners: Listeners[ArchivedImage] = Listeners()
        """Called with each image that has ended."""
        self.status_listeners: Listeners[()] = Listeners()
        """Called when airtime, `encrypted` or `known_to_server` may have changed."""
        self._session = UNKNOWN_SESSION

    @property
    def threshold(self) -> int | None:
        """The threshold that is proven to have reached the node, in °C."""
        proven = self.delivery.proven
        return None if proven is None else proven.threshold

    @property
    def missing_since(self) -> datetime:
        """From when on uplinks may be missing."""
        return self.missed.missing_since(self.traffic.heard_at)

    def begin_catch_up(self, *, connected: bool, monotonic: float) -> None:
        """Note that missed uplinks are fetched, until `set_connected`.

        The image under way may continue with them. `connected`: whether the node is
        shown as connected meanwhile.
        """
        if connected:
            self.presence.set_connected(True, monotonic)
        self.missed.in_progress = True

    def select_missed(
        self, stored: Sequence[Uplink] | None, monotonic: float
    ) -> list[Uplink]:
        """Return which uplinks that the network server has stored are to be received.

        `stored`: those since `missing_since`; None: they could not be fetched.
        """
        since = self.missing_since
        selected = self.missed.select(stored, since, self.network_now(monotonic))
        if leaves_gap(stored, since):
            self.images.interrupt()
        return selected

    def set_connected(self, connected: bool, monotonic: float) -> None:
        """Note whether messages of the network server are received from now on."""
        if connected and self.missed.in_progress:
            # The last one that was sent before this may not have been stored yet.
            self.images.interrupt()
        self.missed.in_progress = self.missed.in_progress and not connected
        self.presence.set_connected(connected, monotonic)

    def network_now(self, monotonic: float) -> datetime:
        """Return the time at the network server."""
        return self.presence.network_time.now(monotonic)

    def receive(
        self, uplink: Uplink, now: datetime, monotonic: float, *, live: bool = False
    ) -> SettingsEvidence | None:
        """Change the record by an uplink; return what it shows of the settings.

        None if it shows nothing: a copy, a message without a line, one that came late.
        `live`: it has just come, and was not stored by the network server.
        """
        if not self.missed.remember(uplink):
            return None
        self.counter_check.receive(uplink)
        content, change = self._read(uplink)
        if change.duplicate:
            return None
        self.presence.receive(uplink.received_at, monotonic, live=live)
        self.images.journal.observe((NOT_SILENT,), uplink.received_at)
        self._end_images(change)
        newest = self.traffic.receive(uplink, now)
        self.set_known_to_server(True)
        if not newest:
            return None
        reset = isinstance(content, Reset)
        if self._is_new_session(uplink.session, joined=reset) or reset:
            self._restart()
        if content is None or isinstance(content, Reset):
            return None
        self._receive_status(content)
        maximum = None
        if content.is_last:
            hottest = self.images.hottest(content, change)
            self._judge_fan(content, change, hottest)
            maximum = hottest / 10
        return SettingsEvidence(uplink.received_at, change.mode, content.fan, maximum)

    def receive_simulated(self, uplink: Uplink) -> bool:
        """Show a simulated uplink in the picture; return whether that is possible.

        No node has sent it: it is not shown when the node has sent lines itself.
        """
        self.notices["simulated"] += 1
        if self.images.has_lines or uplink.encrypted or not uplink.f_port:
            return False
        try:
            self.images.receive_simulated(uplink.payload, uplink.received_at)
        except UplinkError as error:
            self.notices[f"simulated_{error.reason}"] += 1
        return True

    def receive_join(self, join: Join) -> bool:
        """Note that the node has joined; return whether that was not known yet."""
        if is_new := self._is_new_session(join.session, joined=True):
            self._restart()
        if join.encrypted:
            self.encrypted = True
            self.status_listeners.notify_listeners()
        return is_new

    def reject(self, reason: str) -> None:
        """Count a message that cannot be read, and log the first one of each reason."""
        if not self.rejected[reason]:
            _LOGGER.warning(
                "%s: a message was not understood: %s", self.config.name, reason
            )
        self.rejected[reason] += 1

    def set_known_to_server(self, known: bool) -> None:
        """Note whether the network server has such a device."""
        self.known_to_server = known
        self.status_listeners.notify_listeners()

    def close_overdue_image(self, monotonic: float) -> None:
        """Close the image under way if its last line can no longer come."""
        self._end_images(self.images.close_overdue(self.network_now(monotonic)))

    def note_silence(self, monotonic: float) -> None:
        """Note that the node was not heard for too long."""
        self.presence.silent = True
        self.images.journal.observe((SILENT,), self.network_now(monotonic))

    def _read(self, uplink: Uplink) -> tuple[Content | None, AssemblyResult]:
        """Decode an uplink, put its line into an image, and return both."""
        # A stored uplink may lack the mark of an encrypted one.
        if uplink.encrypted or (uplink.stored and self.encrypted):
            self.reject("encrypted")
            self.encrypted = True
            return None, AssemblyResult()
        # Without a port, or on port 0, there are MAC commands only.
        if not uplink.f_port:
            return None, AssemblyResult()
        content = None
        try:
            content = decode_uplink(uplink.payload)
            change = self.images.receive(
                NodeMessage(
                    session=uplink.session,
                    f_cnt=uplink.f_cnt,
                    f_port=uplink.f_port,
                    received_at=uplink.received_at,
                    content=content,
                )
            )
        except UplinkError as error:
            self.reject(error.reason)
            # Its status byte counts, though it does not fit the owner's layout.
            return content, AssemblyResult()
        self.encrypted = self.encrypted and uplink.stored
        return content, change

    def _end_images(self, change: AssemblyResult) -> None:
        """Count the images that have ended, and notify their listeners."""
        for ended in self.images.judge_ended(change, self.threshold):
            lost = len(ended.image.missing_lines)
            self.traffic.lost_lines.add_amount(ended.image.updated_at, lost)
            self.image_listeners.notify_listeners(ended)

    def _receive_status(self, line: Report) -> None:
        """Note both facts of the status byte: whether the fan is on, and the ambient."""
        self.images.fan = line.fan
        if line.known_ambient is None:
            self.reject(UplinkErrorReason.AMBIENT)
        else:
            self.images.ambient = line.ambient

    def _judge_fan(self, line: Report, change: AssemblyResult, hottest: int) -> None:
        """Learn from the fan at the end of an image what its pixels may not show.

        `hottest`: the maximum of the image, in tenths of a °C.
        """
        assert line.maximum is not None
        reason = judge_fan(
            fan=line.fan,
            maximum=hottest,
            node_maximum=line.maximum,
            possible=self.delivery.possible,
            dead=self.config.options.correction.dead_values(change.closed[-1:]),
        )
        self.images.judge_fan(reason)
        if not line.fan:
            self.delivery.note_idle_fan(hottest)

    def _is_new_session(self, session: str, *, joined: bool) -> bool:
        """Return whether a message shows that the node has joined since the last one.

        Its join and its reset may be lost, so that only the session shows it. The first
        session ever received may be as old as the node. `joined`: the message itself is
        a join or a reset; without a session it says nothing of the next one.
        """
        before = self._session
        self._session = newest_session(before, session, joined=joined)
        if joined and not session:
            return True
        return not may_be_same_session(before, session)

    def _restart(self) -> None:
        """Note that the node may have forgotten its settings."""
        self.delivery.note_restart()
        self.watch.threshold_forgotten()

    def as_dict(self) -> dict[str, Any]:
        """Return what has to survive a restart, for JSON."""
        return self.images.as_dict() | {
            "delivery": self.delivery.as_dict(),
            "traffic": self.traffic.as_dict(),
            "session": self._session,
            "encrypted": self.encrypted,
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Continue with what `as_dict` returned before the restart."""
        self.images.restore(data)
        self.delivery = Delivery.from_dict(data["delivery"], self.config.budget)
        self.traffic = Traffic.from_dict(data["traffic"])
        # Not in a record of an earlier release.
        self._session = data.get("session") or UNKNOWN_SESSION
        self.encrypted = data.get("encrypted", False)
        self.status_listeners.notify_listeners()
