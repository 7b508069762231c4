"""Delivery of settings to a node: wanted, sent, proven.

One downlink always carries all wanted settings and replaces what is still queued.

How a downlink is proven to have been received: mode and fan show in the node's uplinks,
the threshold never does. As one downlink carries all three, a change of mode or fan to
the wanted value proves the threshold with it, unless another downlink that the node may
have received would explain the change (`ObservedSettings.proves`).
"""

from datetime import datetime
from typing import Final

from ..model.mode import Mode
from .attempts import NOT_SENT_AFTER
from .delivery_state import WAITING, DeliveryState
from .delivery_update import DeliveryEvent, DeliveryStage, DeliveryUpdate
from .downlink import FRESH_SETTINGS, Settings
from .observed_settings import ObservedSettings

_NOT_UNDER_WAY: Final = (DeliveryStage.IDLE, DeliveryStage.FAILED)


class Delivery(DeliveryState):
    """Wanted and proven settings of one node, and the stage of their delivery."""

    def request(
        self,
        *,
        threshold: int | None = None,
        mode: Mode | None = None,
        fan: bool | None = None,
    ) -> DeliveryUpdate | None:
        """Change the wanted settings; what is not given stays.

        What was never requested is taken to be that of a new node, or the mode that the
        node shows. To request what is already being delivered, or proven, does nothing.
        """
        base = self.wanted or Settings(
            FRESH_SETTINGS.threshold,
            self._observed.mode or FRESH_SETTINGS.mode,
            FRESH_SETTINGS.fan,
        )
        wanted = base.changed(threshold=threshold, mode=mode, fan=fan)
        if wanted == self.wanted and self.stage not in _NOT_UNDER_WAY:
            return None
        superseded = self.stage is DeliveryStage.QUEUED
        self.wanted = wanted
        self._restart_attempts()
        return DeliveryUpdate(DeliveryEvent.SUPERSEDED, base) if superseded else None

    def note_restart(self) -> None:
        """Note that the node has joined again, and may have forgotten its settings."""
        self._possible.restart()
        self._observed = ObservedSettings()
        # What is reported of it from now on may have happened before.
        self._unanswered = None
        self._restart_attempts()

    def _restart_attempts(self) -> None:
        self.stage, self.error = DeliveryStage.IDLE, None
        self._attempts.restart()

    def sent_today(self, now: datetime) -> int:
        """Return the number of downlinks in the last 24 hours."""
        return self._budget.used(now)

    def within_budget(self, now: datetime) -> bool:
        """Return whether one more downlink may be sent today."""
        return self._budget.allows_another(now)

    def due(self, now: datetime) -> Settings | None:
        """Return the settings to send now, in a downlink that replaces what is queued."""
        if self.wanted is None or not self.within_budget(now):
            return None
        if not self._slot.is_free(now):
            return None
        due = self._attempts.is_another_due(queued=self.stage is DeliveryStage.QUEUED)
        return self.wanted if due else None

    def offered(
        self,
        correlation_id: str,
        settings: Settings,
        expires_at: datetime | None = None,
    ) -> None:
        """Note that a downlink is about to be given to the network server.

        Whatever its answer, and even without one, it may have been taken from now on.
        `expires_at`: until then it is in a queue that cannot be replaced, unless it is
        known to have left it; no other is due meanwhile.
        """
        self._slot.occupy(correlation_id, expires_at)
        self._offered.note_offered(correlation_id, settings)
        self._unanswered = correlation_id
        self._possible.note_possible(settings)
        self._observed_before = self._observed

    def accepted(self, correlation_id: str) -> DeliveryUpdate | None:
        """Note that the network server has taken a downlink that was offered.

        Return None if a report of that downlink has come before this answer.
        """
        if correlation_id == self._offered.current:
            return None
        return self._take(correlation_id)

    def _take(self, correlation_id: str) -> DeliveryUpdate:
        settings = self._offered[correlation_id]
        self._offered.current = correlation_id
        self._unanswered = None
        self._counted = False
        if settings == self.wanted:
            self._attempts.take()
            self.error = None
            self._advance(DeliveryStage.QUEUED)
        return DeliveryUpdate(DeliveryEvent.QUEUED, settings)

    def _note_report(self, correlation_id: str) -> None:
        """Note that the server has reported a downlink, perhaps before its answer."""
        self._slot.note_left(correlation_id)
        if correlation_id == self._unanswered:
            self._take(correlation_id)

    def refused(
        self, correlation_id: str, error: str, *, answered: bool = True
    ) -> DeliveryUpdate | None:
        """Note that the network server has refused a downlink, or has not answered.

        `answered`: False if it may have been queued all the same. Return None if a
        report of that downlink has come before.
        """
        if correlation_id == self._offered.current:
            return None
        self._unanswered = None
        if answered:
            self._slot.note_left(correlation_id)
        settings = self._offered[correlation_id]
        if settings == self.wanted:
            self._attempts.refuse()
            self.error = error
            self._advance(DeliveryStage.FAILED)
        return DeliveryUpdate(DeliveryEvent.FAILED, settings, error)

    def note_resolved(self, error: str) -> None:
        """Note that a refusal for this reason need not come again: settings are due now."""
        if self.stage is DeliveryStage.FAILED and self.error == error:
            self._attempts.make_due()

    def sent(self, correlation_id: str, now: datetime) -> DeliveryUpdate | None:
        """Note that a gateway has sent a downlink, ours or another client's."""
        self._note_report(correlation_id)
        settings = self._offered.get(correlation_id)
        is_current = correlation_id == self._offered.current
        if settings is None or not is_current or not self._counted:
            self._budget.count(now)
        if settings is None:
            self._possible.note_foreign_downlink()
            return None
        self._possible.prove_by_gateway(settings, self._offered.after(correlation_id))
        if is_current:
            self._counted = True
        else:
            self._offered.note_replaced_was_sent(correlation_id)
        if settings == self.wanted and self.stage in WAITING:
            self.error = None
            self._advance(DeliveryStage.SENT)
        elif not is_current:
            return None
        return DeliveryUpdate(DeliveryEvent.SENT, settings)

    def acknowledged(self, correlation_id: str) -> DeliveryUpdate | None:
        """Note that the node has acknowledged a downlink."""
        self._note_report(correlation_id)
        if (settings := self._offered.get(correlation_id)) is None:
            return None
        self._possible.prove(settings, self._offered.after(correlation_id))
        if settings == self.wanted and self.stage is not DeliveryStage.IDLE:
            self._advance(DeliveryStage.ACKNOWLEDGED)
        return DeliveryUpdate(DeliveryEvent.DELIVERED, settings)

    def failed(self, correlation_id: str, error: str) -> DeliveryUpdate | None:
        """Note that the network server has given up a downlink."""
        self._note_report(correlation_id)
        if correlation_id != self._offered.current or self.stage is DeliveryStage.IDLE:
            return None
        self.error = error
        self._advance(DeliveryStage.FAILED)
        settings = self._offered[correlation_id]
        return DeliveryUpdate(DeliveryEvent.FAILED, settings, error)

    def uplink(
        self, now: datetime, *, mode: Mode | None, fan: bool, maximum: float | None
    ) -> DeliveryUpdate | None:
        """Learn from an uplink of the node. Afterwards `due` may return settings.

        `mode`: what it was sent in, None if that is not certain. `fan`: whether the
        fan runs. `maximum`: the highest temperature in °C of the uplink's image, None
        if unknown.
        """
        thresholds = [s.threshold for s in (self.wanted, self.proven) if s is not None]
        self._observed = ObservedSettings.from_uplink(
            mode, fan=fan, maximum=maximum, thresholds=thresholds
        )
        rivals = self._offered.rivals(self.wanted)
        self._offered.note_uplink()
        if not self._counted:
            # What was queued leaves in answer to this message; `sent` may never come.
            self._budget.count(now)
            self._counted = True
        if self.wanted is None or self.stage is DeliveryStage.IDLE:
            return None
        if self.stage is not DeliveryStage.REPORTED and self._observed.proves(
            self.wanted, self._observed_before, rivals
        ):
            self._possible.prove(self.wanted, ())
            self._attempts.succeed()
            self.error = None
            self._advance(DeliveryStage.REPORTED)
            return DeliveryUpdate(DeliveryEvent.DELIVERED, self.wanted)
        contradicted = self._observed.contradicts(self.wanted)
        if contradicted or rivals:
            self._observed_before = self._observed
        if contradicted or self.stage in WAITING:
            self._attempts.uplinks += 1
        else:
            self._attempts.uplinks = 0
        if self._attempts.is_in_vain:
            return self._fail("no_answer", self.wanted)
        if self._is_not_sent:
            # A server with such a queue reports each transmission.
            return self._fail("not_sent", self.wanted)
        return None

    @property
    def _is_not_sent(self) -> bool:
        """Whether a queued downlink should have left the queue by now."""
        return (
            self.stage is DeliveryStage.QUEUED
            and self._slot.correlation_id is not None
            and self._attempts.uplinks >= NOT_SENT_AFTER
        )

    def _fail(self, error: str, settings: Settings) -> DeliveryUpdate:
        self.stage, self.error = DeliveryStage.FAILED, error
        return DeliveryUpdate(DeliveryEvent.FAILED, settings, error)

    def note_idle_fan(self, maximum: int) -> None:
        """Learn from an image, of that maximum (tenths of a °C), without the fan running."""
        pending = self.wanted if self.pending else None
        self._possible.exclude_by_idle_fan(maximum, pending)

    def _advance(self, stage: DeliveryStage) -> None:
        self.stage = stage
        self._attempts.uplinks = 0
