"""Tests of the delivery of settings to the node, and of the proof that they have arrived."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.delivery import Delivery
from custom_components.battery_thermal.protocol.delivery_update import (
    DeliveryEvent,
    DeliveryStage,
    DeliveryUpdate,
)
from custom_components.battery_thermal.protocol.downlink import FRESH_SETTINGS, Settings

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def event(update: DeliveryUpdate | None) -> DeliveryEvent | None:
    """Return the event of an update without its settings."""
    return update and update.event


@dataclass
class Scene:
    """A delivery, and a network server that accepts every downlink."""

    delivery: Delivery = field(default_factory=lambda: Delivery(budget=8))
    now: datetime = NOW
    mode: Mode | None = Mode.FAST
    fan: bool = False
    maximum: float | None = 30.0
    pushed: list[Settings] = field(default_factory=list)

    @property
    def newest(self) -> str:
        """Return the correlation id of the newest downlink."""
        return f"ours:{len(self.pushed)}"

    def limit(self, budget: int | None) -> None:
        """Change the limit of downlinks a day."""
        self.delivery = Delivery.from_dict(self.delivery.as_dict(), budget)

    def push(self) -> bool:
        """Send what is due, if anything is; return whether it was."""
        settings = self.delivery.due(self.now)
        if settings is None:
            return False
        self.pushed.append(settings)
        self.delivery.offered(self.newest, settings)
        queued = DeliveryUpdate(DeliveryEvent.QUEUED, settings)
        assert self.delivery.accepted(self.newest) == queued
        return True

    def push_refused(self) -> bool:
        """Send what is due to a network server that refuses it."""
        settings = self.delivery.due(self.now)
        if settings is None:
            return False
        self.pushed.append(settings)
        self.delivery.offered(self.newest, settings)
        update = self.delivery.refused(self.newest, "cannot_connect")
        assert update == (DeliveryEvent.FAILED, settings, "cannot_connect")
        return True

    def uplink(self) -> DeliveryEvent | None:
        """Receive an uplink of the node, half a minute later."""
        self.now += timedelta(seconds=30)
        return event(
            self.delivery.uplink(
                self.now, mode=self.mode, fan=self.fan, maximum=self.maximum
            )
        )

    def pushes_at(self, uplinks: int) -> list[int]:
        """Receive so many uplinks; return after which of them something was sent."""
        at = []
        for number in range(1, uplinks + 1):
            self.uplink()
            if self.push():
                at.append(number)
        return at


@pytest.fixture
def scene() -> Scene:
    """Return a node in fast mode without requested settings."""
    scene = Scene()
    scene.uplink()
    return scene


def test_nothing_wanted_nothing_sent(scene: Scene) -> None:
    """Without a request nothing is sent."""
    assert scene.pushes_at(10) == []
    assert scene.delivery.stage is DeliveryStage.IDLE
    assert not scene.delivery.pending


def test_first_request_keeps_other_settings(scene: Scene) -> None:
    """Settings that were not requested stay as observed, or as those of a new node."""
    scene.mode = Mode.SLOW
    scene.uplink()
    assert scene.delivery.request(threshold=60) is None
    assert scene.delivery.wanted == Settings(60, Mode.SLOW, fan=False)
    assert scene.delivery.pending
    scene.delivery.request(fan=True)
    assert scene.delivery.wanted == Settings(60, Mode.SLOW, fan=True)


def test_mode_before_the_first_uplink() -> None:
    """Before the first uplink the mode is assumed to be that of a new node."""
    delivery = Delivery()
    delivery.request(fan=True)
    assert delivery.wanted == Settings(50, Mode.FAST, fan=True)


def test_change_of_mode_is_proven_by_the_node(scene: Scene) -> None:
    """A change of mode is queued, sent and reported, and proves the threshold too."""
    delivery = scene.delivery
    delivery.request(mode=Mode.SLOW, threshold=60)
    assert scene.push()
    assert delivery.stage is DeliveryStage.QUEUED
    assert scene.uplink() is None
    assert event(delivery.sent(scene.newest, scene.now)) is DeliveryEvent.SENT
    assert delivery.stage is DeliveryStage.SENT
    assert delivery.proven == Settings(60, Mode.SLOW, fan=False)
    assert delivery.pending
    scene.mode = Mode.SLOW
    assert scene.uplink() is DeliveryEvent.DELIVERED
    assert delivery.stage is DeliveryStage.REPORTED
    assert not delivery.pending
    assert scene.pushes_at(30) == []


def test_change_of_mode_before_anything_was_seen() -> None:
    """A contradiction that shows after the downlink was queued is used."""
    scene = Scene()
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.mode = Mode.SLOW
    assert scene.uplink() is DeliveryEvent.DELIVERED


def test_repeated_request_sends_nothing(scene: Scene) -> None:
    """An automation may request the same settings every minute."""
    scene.delivery.request(threshold=70)
    scene.push()
    assert scene.delivery.request(threshold=70) is None
    assert not scene.push()
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    assert scene.delivery.request(threshold=70) is None
    assert not scene.push()
    assert scene.delivery.stage is DeliveryStage.SENT


def test_repeated_request_after_the_last_attempt(scene: Scene) -> None:
    """A repeated request starts the attempts again."""
    scene.limit(None)
    scene.delivery.request(threshold=70)
    scene.push()
    scene.pushes_at(40)
    assert scene.delivery.stage is DeliveryStage.FAILED
    scene.delivery.request(threshold=70)
    assert scene.push()


def test_proof_without_report_of_the_gateway(scene: Scene) -> None:
    """The node's uplinks prove settings whose transmission was not reported."""
    scene.delivery.request(fan=True)
    scene.push()
    scene.uplink()
    scene.fan = True
    assert scene.uplink() is DeliveryEvent.DELIVERED
    assert scene.delivery.proven == Settings(50, Mode.FAST, fan=True)


def test_threshold_alone_is_proven_by_being_sent(scene: Scene) -> None:
    """No uplink shows the threshold, so it is proven when it was sent."""
    scene.delivery.request(threshold=70)
    scene.push()
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    assert scene.delivery.stage is DeliveryStage.SENT
    assert not scene.delivery.pending
    assert scene.pushes_at(30) == []


def test_acknowledgement(scene: Scene) -> None:
    """An acknowledgement of the node proves the settings."""
    scene.delivery.request(threshold=70)
    scene.push()
    scene.uplink()
    acknowledged = scene.delivery.acknowledged(scene.newest)
    assert acknowledged == (DeliveryEvent.DELIVERED, scene.pushed[-1], None)
    assert scene.delivery.stage is DeliveryStage.ACKNOWLEDGED
    assert scene.delivery.proven == Settings(70, Mode.FAST, fan=False)
    assert scene.delivery.acknowledged("someone else's") is None


def test_repeated_by_the_number_of_uplinks(scene: Scene) -> None:
    """A downlink is repeated after 3 uplinks, then after 2, 4 and 8 more, and then no more."""
    scene.limit(None)
    scene.delivery.request(threshold=70)
    assert scene.push()
    assert scene.pushes_at(60) == [3, 5, 9, 17]
    assert scene.delivery.stage is DeliveryStage.FAILED
    assert scene.delivery.error == "no_answer"
    assert scene.delivery.pending


def test_last_failure_is_reported_once(scene: Scene) -> None:
    """The failure is reported once, eight uplinks after the last attempt."""
    scene.limit(None)
    scene.delivery.request(threshold=70)
    scene.push()
    scene.pushes_at(17)
    events = [scene.uplink() for _ in range(20)]
    assert events == [None] * 7 + [DeliveryEvent.FAILED] + [None] * 12


def test_repeated_without_effect(scene: Scene) -> None:
    """A downlink that was sent but had no effect is repeated."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    assert scene.pushes_at(2) == [2]
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    assert scene.pushes_at(2) == [2]


def test_sent_again_when_the_node_changes_by_itself(scene: Scene) -> None:
    """A node that has other settings again was restarted, so they are sent again."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.mode = Mode.SLOW
    scene.uplink()
    assert scene.delivery.stage is DeliveryStage.REPORTED
    scene.mode = Mode.FAST
    assert scene.pushes_at(2) == [2]
    assert scene.delivery.pending


def test_sent_again_after_a_join(scene: Scene) -> None:
    """A node that has joined again has the settings of a new one, so proven ones are sent again too."""
    wanted = Settings(70, Mode.SLOW, fan=False)
    scene.delivery.request(threshold=70, mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.mode = Mode.SLOW
    scene.uplink()
    assert (scene.delivery.stage, scene.delivery.proven) == (
        DeliveryStage.REPORTED,
        wanted,
    )
    scene.delivery.note_restart()
    assert scene.delivery.stage is DeliveryStage.IDLE
    assert scene.delivery.proven is None
    assert scene.delivery.pending
    assert scene.push()
    assert scene.pushed == [wanted, wanted]
    # The mode before the join does not count as a contradiction that has disappeared.
    assert scene.uplink() is None
    assert scene.delivery.stage is DeliveryStage.QUEUED


def test_join_after_the_last_attempt(scene: Scene) -> None:
    """After a join all attempts are made again."""
    scene.limit(None)
    scene.delivery.request(threshold=70)
    scene.push()
    scene.pushes_at(40)
    scene.delivery.note_restart()
    assert scene.delivery.error is None
    assert scene.push()
    assert scene.pushes_at(60) == [3, 5, 9, 17]


def test_join_without_requested_settings(scene: Scene) -> None:
    """Nothing is sent."""
    scene.delivery.note_restart()
    assert not scene.push()
    assert not scene.delivery.pending


def test_uncertain_mode_proves_nothing(scene: Scene) -> None:
    """Without a known mode, neither success nor failure is concluded."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    scene.mode = None
    assert scene.pushes_at(5) == []
    assert scene.delivery.stage is DeliveryStage.SENT


@pytest.mark.parametrize(
    ("maximum", "proven"), [(40.0, True), (55.0, False), (None, False)]
)
def test_fan_that_may_run_because_it_is_hot_proves_nothing(
    scene: Scene, maximum: float | None, proven: bool
) -> None:
    """A running fan is a proof only below every threshold that the node may have."""
    scene.delivery.request(fan=True, threshold=50)
    scene.push()
    scene.uplink()
    scene.fan, scene.maximum = True, maximum
    assert (scene.uplink() is DeliveryEvent.DELIVERED) is proven


def test_fan_above_the_threshold_is_no_contradiction(scene: Scene) -> None:
    """A fan that was switched off and runs above the threshold does not contradict."""
    scene.delivery.request(fan=False, threshold=50)
    scene.push()
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    scene.fan, scene.maximum = True, 60.0
    assert scene.pushes_at(10) == []
    scene.maximum = 40.0
    assert scene.pushes_at(2) == [2]


def test_new_request_replaces_a_queued_downlink(scene: Scene) -> None:
    """At most one downlink is queued, and it has all settings."""
    scene.delivery.request(threshold=60)
    scene.push()
    superseded = scene.delivery.request(mode=Mode.SLOW)
    assert superseded == DeliveryUpdate(DeliveryEvent.SUPERSEDED, scene.pushed[0])
    assert scene.push()
    assert scene.pushed[-1] == Settings(60, Mode.SLOW, fan=False)
    # The first downlink may have been sent nevertheless.
    assert scene.delivery.sent("ours:1", scene.now) is None
    assert scene.delivery.proven == Settings(60, Mode.FAST, fan=False)
    assert scene.delivery.stage is DeliveryStage.QUEUED


def test_request_while_sending(scene: Scene) -> None:
    """The accepted settings are not those that are wanted now."""
    scene.delivery.request(threshold=60)
    settings = scene.delivery.due(scene.now)
    assert settings is not None
    scene.delivery.offered("ours:0", settings)
    scene.delivery.request(threshold=70)
    scene.delivery.accepted("ours:0")
    assert scene.delivery.stage is DeliveryStage.IDLE
    assert scene.uplink() is None
    assert scene.delivery.due(scene.now) == Settings(70, Mode.FAST, fan=False)
    assert scene.delivery.failed("ours:0", "expired_downlink") is None
    scene.delivery.acknowledged("ours:0")
    assert scene.delivery.stage is DeliveryStage.IDLE


def test_proof_of_another_downlink_is_none(scene: Scene) -> None:
    """Settings that were requested before the current downlink had an effect are sent after it."""
    delivery = scene.delivery
    delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    delivery.request(threshold=60)
    scene.push()
    delivery.sent("ours:1", scene.now)
    scene.mode = Mode.SLOW
    assert scene.uplink() is None
    assert delivery.stage is DeliveryStage.QUEUED
    assert delivery.proven == Settings(50, Mode.SLOW, fan=False)
    # It is lost, so it is sent again.
    assert scene.pushes_at(3) == [2]
    assert scene.pushed[-1] == Settings(60, Mode.SLOW, fan=False)
    scene.uplink()
    assert event(delivery.sent(scene.newest, scene.now)) is DeliveryEvent.SENT
    assert not delivery.pending


def test_proof_beside_another_downlink(scene: Scene) -> None:
    """A change that only the newer downlink makes proves the newer one."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.delivery.request(fan=True)
    scene.push()
    scene.mode, scene.fan = Mode.SLOW, True
    assert scene.uplink() is DeliveryEvent.DELIVERED


def test_proof_after_another_downlink_was_replaced(scene: Scene) -> None:
    """Once a message shows that the older downlink was not sent, a change proves the newer one."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.delivery.request(threshold=60)
    scene.push()
    assert scene.uplink() is None
    scene.mode = Mode.SLOW
    assert scene.uplink() is DeliveryEvent.DELIVERED


def test_older_downlink_is_sent_late(scene: Scene) -> None:
    """The network may send a confirmed downlink again by itself."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.delivery.request(threshold=60)
    scene.push()
    scene.uplink()
    assert scene.delivery.sent("ours:1", scene.now) is None
    scene.mode = Mode.SLOW
    assert scene.uplink() is None
    assert scene.delivery.stage is DeliveryStage.QUEUED


def test_downlink_whose_answer_was_lost(scene: Scene) -> None:
    """The server reports later that it has accepted the downlink, which is not sent a second time."""
    scene.delivery.request(threshold=60)
    scene.push_refused()
    scene.uplink()
    assert event(scene.delivery.sent(scene.newest, scene.now)) is DeliveryEvent.SENT
    assert scene.delivery.proven == Settings(60, Mode.FAST, fan=False)
    assert not scene.delivery.pending
    assert scene.delivery.sent_today(scene.now) == 1
    assert scene.pushes_at(20) == []


@pytest.mark.parametrize("answer", ["accepted", "lost"])
def test_report_before_the_answer(scene: Scene, answer: str) -> None:
    """A transmission may be reported before the server's answer, and is not repeated then."""
    scene.delivery.request(threshold=60)
    settings = scene.delivery.due(scene.now)
    assert settings is not None
    scene.delivery.offered("early", settings, LATER)
    scene.uplink()
    assert event(scene.delivery.sent("early", scene.now)) is DeliveryEvent.SENT
    if answer == "accepted":
        assert scene.delivery.accepted("early") is None
    else:
        unanswered = scene.delivery.refused("early", "unanswered", answered=False)
        assert unanswered is None
    assert scene.delivery.stage is DeliveryStage.SENT
    assert scene.delivery.error is None
    assert scene.delivery.sent_today(scene.now) == 1
    assert not scene.delivery.pending
    assert scene.pushes_at(20) == []


def test_connection_lost_before_the_answer(scene: Scene) -> None:
    """What the server has taken without an answer, and reports when it is reached again, is not repeated."""
    scene.delivery.request(threshold=60)
    settings = scene.delivery.due(scene.now)
    assert settings is not None
    scene.delivery.offered("lost", settings, LATER)
    assert scene.delivery.refused("lost", "cannot_connect", answered=False)
    scene.delivery.note_resolved("cannot_connect")
    assert scene.delivery.due(scene.now) is None
    assert event(scene.delivery.sent("lost", scene.now)) is DeliveryEvent.SENT
    assert scene.delivery.due(scene.now) is None
    assert scene.delivery.stage is DeliveryStage.SENT


def test_failure_before_the_answer(scene: Scene) -> None:
    """The server may discard a downlink before its answer; it is sent again soon."""
    scene.delivery.request(threshold=60)
    scene.delivery.offered("early", Settings(60, Mode.FAST, fan=False), LATER)
    failed = scene.delivery.failed("early", "expired")
    assert event(failed) is DeliveryEvent.FAILED
    assert scene.delivery.accepted("early") is None
    assert scene.delivery.stage is DeliveryStage.FAILED
    assert scene.pushes_at(2) == [2]


def test_report_before_the_answer_of_a_restarted_node(scene: Scene) -> None:
    """It may have been sent before the node has joined again, and is sent once more."""
    scene.delivery.request(threshold=60)
    scene.delivery.offered("early", Settings(60, Mode.FAST, fan=False), LATER)
    scene.delivery.note_restart()
    assert scene.delivery.sent("early", scene.now) is None
    assert event(scene.delivery.accepted("early")) is DeliveryEvent.QUEUED
    assert scene.delivery.stage is DeliveryStage.QUEUED
    assert scene.pushes_at(3) == [3]


def test_acknowledgement_of_replaced_settings(scene: Scene) -> None:
    """It is reported with its own settings, and does not prove the new ones."""
    scene.delivery.request(threshold=60)
    scene.push()
    scene.uplink()
    scene.delivery.request(threshold=70)
    scene.push_refused()
    acknowledged = scene.delivery.acknowledged("ours:1")
    assert acknowledged == DeliveryUpdate(DeliveryEvent.DELIVERED, scene.pushed[0])
    assert scene.delivery.stage is DeliveryStage.FAILED
    assert scene.delivery.pending


def test_refusals_are_no_attempts(scene: Scene) -> None:
    """Refusals do not count as attempts; the waits between them increase."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    refused_at = []
    for number in range(1, 101):
        scene.uplink()
        if scene.push_refused():
            refused_at.append(number)
    assert refused_at == [2, 4, 8, *range(16, 101, 8)]
    assert scene.delivery.sent_today(scene.now) == 1
    assert scene.pushes_at(5) == [4]
    assert scene.delivery.stage is DeliveryStage.QUEUED
    # The first downlink is still known.
    assert scene.delivery.sent("ours:1", scene.now)


def test_refusal_whose_reason_is_over(scene: Scene) -> None:
    """The settings are due at once, as those of a first attempt or of a repetition."""
    scene.delivery.request(mode=Mode.SLOW)
    for attempt in range(2):
        assert scene.push_refused()
        assert not scene.push()
        scene.delivery.note_resolved("rate_limited")
        assert not scene.push()
        scene.delivery.note_resolved("cannot_connect")
        assert scene.push(), attempt
        scene.delivery.note_resolved("cannot_connect")
        assert not scene.push()
        scene.delivery.sent(scene.newest, scene.now)
        scene.uplink()
        scene.uplink()


def test_refusal_of_replaced_settings(scene: Scene) -> None:
    """It does not delay the newer downlink."""
    scene.delivery.request(threshold=60)
    settings = scene.delivery.due(scene.now)
    assert settings is not None
    scene.delivery.offered("ours:0", settings)
    scene.delivery.request(threshold=70)
    refused = scene.delivery.refused("ours:0", "cannot_connect")
    assert refused == (DeliveryEvent.FAILED, settings, "cannot_connect")
    assert scene.delivery.stage is DeliveryStage.IDLE
    assert scene.push()


def test_refusal_is_retried_after_some_uplinks(scene: Scene) -> None:
    """The fault of the server may be temporary."""
    scene.delivery.request(threshold=60)
    assert scene.push_refused()
    assert scene.delivery.stage is DeliveryStage.FAILED
    assert scene.delivery.error == "cannot_connect"
    assert scene.pushes_at(2) == [2]
    assert scene.delivery.stage is DeliveryStage.QUEUED
    assert scene.delivery.error is None


def test_failure_at_the_server_is_retried(scene: Scene) -> None:
    """A gateway may have been busy, or the node may have joined again."""
    scene.delivery.request(threshold=60)
    scene.push()
    failed = scene.delivery.failed(scene.newest, "no_device_session")
    assert failed == (DeliveryEvent.FAILED, scene.pushed[-1], "no_device_session")
    assert scene.delivery.error == "no_device_session"
    assert scene.pushes_at(2) == [2]
    assert scene.delivery.failed("ours:1", "expired_downlink") is None


def test_late_report_of_the_transmission(scene: Scene) -> None:
    """The node's uplink proved the settings before."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.mode = Mode.SLOW
    scene.uplink()
    assert event(scene.delivery.sent(scene.newest, scene.now)) is DeliveryEvent.SENT
    assert scene.delivery.stage is DeliveryStage.REPORTED


def test_budget_of_the_day(scene: Scene) -> None:
    """Downlinks beyond the limit wait until a day has passed."""
    scene.limit(2)
    for threshold in (60, 61):
        scene.delivery.request(threshold=threshold)
        assert scene.push()
        scene.uplink()
        scene.delivery.sent(scene.newest, scene.now)
    assert scene.delivery.sent_today(scene.now) == 2
    scene.delivery.request(threshold=62)
    assert not scene.push()
    assert scene.delivery.pending
    scene.now += timedelta(days=1)
    assert scene.push()
    assert scene.delivery.sent_today(scene.now) == 0


def test_downlinks_of_others_use_up_the_budget(scene: Scene) -> None:
    """Fair use counts all downlinks of the node, also those of other clients."""
    scene.delivery.sent("", scene.now)
    assert scene.delivery.sent_today(scene.now) == 1


def test_old_downlinks_are_forgotten(scene: Scene) -> None:
    """Reports of old downlinks are not expected any more."""
    scene.limit(None)
    for threshold in range(9):
        scene.delivery.request(threshold=threshold)
        scene.push()
    scene.delivery.sent("ours:1", scene.now)
    assert scene.delivery.proven is None
    scene.delivery.sent("ours:2", scene.now)
    assert scene.delivery.proven == Settings(1, Mode.FAST, fan=False)


def test_settings_survive_a_restart(scene: Scene) -> None:
    """Wanted and proven settings, stage and attempts survive a restart."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.uplink()
    scene.delivery = Delivery.from_dict(
        json.loads(json.dumps(scene.delivery.as_dict()))
    )
    assert scene.delivery.stage is DeliveryStage.QUEUED
    assert scene.pushes_at(1) == [1]
    scene.delivery.sent(scene.newest, scene.now)
    again = Delivery.from_dict(json.loads(json.dumps(scene.delivery.as_dict())))
    assert again.wanted == again.proven == Settings(50, Mode.SLOW, fan=False)
    assert again.as_dict() == scene.delivery.as_dict()


def test_refusals_survive_a_restart(scene: Scene) -> None:
    """The third refusal is followed by the longest wait, also after a restart."""
    scene.delivery.request(threshold=60)
    assert scene.push_refused()
    for uplinks in (2, 4):
        scene.delivery = Delivery.from_dict(
            json.loads(json.dumps(scene.delivery.as_dict()))
        )
        for _ in range(uplinks - 1):
            scene.uplink()
            assert scene.delivery.due(scene.now) is None
        scene.uplink()
        assert scene.push_refused()
    scene.delivery = Delivery.from_dict(
        json.loads(json.dumps(scene.delivery.as_dict()))
    )
    assert scene.pushes_at(8) == [8]


def test_restart_of_a_new_delivery() -> None:
    """A delivery without requests is restored as such."""
    again = Delivery.from_dict(Delivery().as_dict(), budget=None)
    assert again.as_dict() == Delivery().as_dict()
    assert again.budget is None


@given(st.data())
def test_within_the_budget_and_without_needless_downlinks(data: st.DataObject) -> None:
    """The day's limit is never exceeded, and nothing is sent after a proof."""
    scene = Scene()
    steps = st.sampled_from(
        ["mode", "threshold", "uplink", "sent", "failed", "receive"]
    )
    for step in data.draw(st.lists(steps, max_size=120)):
        if step == "mode":
            scene.delivery.request(mode=data.draw(st.sampled_from(Mode)))
        elif step == "threshold":
            scene.delivery.request(threshold=data.draw(st.integers(-40, 300)))
        elif step == "sent":
            scene.delivery.sent(scene.newest, scene.now)
        elif step == "failed":
            scene.delivery.failed(scene.newest, "transmission")
        elif step == "receive" and scene.pushed:
            scene.mode = scene.pushed[-1].mode
        else:
            scene.uplink()
        scene.push()
        assert scene.delivery.sent_today(scene.now) <= 9
        if scene.delivery.stage is DeliveryStage.REPORTED:
            assert scene.delivery.proven == scene.delivery.wanted


@dataclass
class Node(Scene):
    """A node of class A, and a network server with a queue of one downlink."""

    has: Settings = FRESH_SETTINGS
    queue: tuple[str, Settings] | None = None
    offered: int = 0

    def offer(self, taken: bool, answered: bool) -> None:
        """Offer what is due to the server, if anything is."""
        if (settings := self.delivery.due(self.now)) is None:
            return
        self.offered += 1
        key = f"ours:{self.offered}"
        self.delivery.offered(key, settings)
        if taken:
            self.queue = key, settings
        if taken and answered:
            self.delivery.accepted(key)
        else:
            self.delivery.refused(key, "cannot_connect")

    def send_line(
        self, heard: bool, certain: bool, leaves: bool, arrives: bool, reported: bool
    ) -> DeliveryEvent | None:
        """Let the node send a line, and receive a queued downlink if the network received the line.

        `certain`: whether the line shows its mode. `reported`: whether the gateway reports the
        transmission.
        """
        self.mode = self.has.mode if certain else None
        self.fan = self.has.fan
        update = self.uplink() if heard else None
        if heard and leaves and self.queue:
            key, settings = self.queue
            self.queue = None
            if arrives:
                self.has = settings
            if reported:
                self.delivery.sent(key, self.now)
        return update


@given(st.data())
def test_proven_settings_are_those_of_the_node(data: st.DataObject) -> None:
    """Whatever is lost, late or refused: the node has the settings that a message proves."""
    node = Node(Delivery(budget=None))
    modes, flags = st.sampled_from(Mode), st.booleans()
    for step in data.draw(st.lists(st.sampled_from(["ask", "send"]), max_size=60)):
        if step == "ask":
            node.delivery.request(
                threshold=data.draw(st.none() | st.integers(60, 62)),
                mode=data.draw(st.none() | modes),
                fan=data.draw(st.none() | flags),
            )
        else:
            update = node.send_line(*(data.draw(flags) for _ in range(5)))
            if update is DeliveryEvent.DELIVERED:
                assert node.has == node.delivery.wanted == node.delivery.proven
        if data.draw(flags):
            node.offer(taken=data.draw(flags), answered=data.draw(flags))
