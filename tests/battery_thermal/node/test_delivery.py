"""Tests of getting settings to the node and knowing that they have arrived."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.node.delivery import (
    Delivery,
    DeliveryEvent,
    Happened,
    Stage,
)
from custom_components.battery_thermal.node.downlink import FRESH_SETTINGS, Settings
from custom_components.battery_thermal.node.layout import Mode

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def event(happened: Happened | None) -> DeliveryEvent | None:
    """Return the event alone."""
    return happened and happened.event


@dataclass
class Scene:
    """A delivery, and a network server that takes everything."""

    delivery: Delivery = field(default_factory=Delivery)
    now: datetime = NOW
    mode: Mode | None = Mode.FAST
    fan: bool = False
    maximum: float | None = 30.0
    pushed: list[Settings] = field(default_factory=list)

    @property
    def newest(self) -> str:
        """Return the correlation id of the newest downlink."""
        return f"ours:{len(self.pushed)}"

    def push(self) -> bool:
        """Send if it is time to."""
        settings = self.delivery.due(self.now)
        if settings is None:
            return False
        self.pushed.append(settings)
        self.delivery.offered(self.newest, settings)
        queued = Happened(DeliveryEvent.QUEUED, settings)
        assert self.delivery.accepted(self.newest) == queued
        return True

    def push_refused(self) -> bool:
        """Offer what is due to a network server that is out of order."""
        settings = self.delivery.due(self.now)
        if settings is None:
            return False
        self.pushed.append(settings)
        self.delivery.offered(self.newest, settings)
        happened = self.delivery.refused(self.newest, "cannot_connect")
        assert happened == (DeliveryEvent.FAILED, settings, "cannot_connect")
        return True

    def uplink(self) -> DeliveryEvent | None:
        """Hear of the node, half a minute later."""
        self.now += timedelta(seconds=30)
        return event(
            self.delivery.uplink(
                self.now, mode=self.mode, fan=self.fan, maximum=self.maximum
            )
        )

    def pushes_at(self, uplinks: int) -> list[int]:
        """Return after which of so many uplinks something was sent."""
        at = []
        for number in range(1, uplinks + 1):
            self.uplink()
            if self.push():
                at.append(number)
        return at


@pytest.fixture
def scene() -> Scene:
    """Return a node in fast mode that nobody has told anything."""
    scene = Scene()
    scene.uplink()
    return scene


def test_nothing_wanted_nothing_sent(scene: Scene) -> None:
    """A node that nobody asks for anything is left alone."""
    assert scene.pushes_at(10) == []
    assert scene.delivery.stage is Stage.IDLE
    assert not scene.delivery.pending


def test_first_wish_leaves_the_rest_as_it_is(scene: Scene) -> None:
    """The mode that was seen, and what a fresh node has."""
    scene.mode = Mode.SLOW
    scene.uplink()
    assert scene.delivery.request(threshold=60) is None
    assert scene.delivery.wanted == Settings(60, Mode.SLOW, fan=False)
    assert scene.delivery.pending
    scene.delivery.request(fan=True)
    assert scene.delivery.wanted == Settings(60, Mode.SLOW, fan=True)


def test_unseen_mode_is_that_of_a_fresh_node() -> None:
    """Before the first uplink."""
    delivery = Delivery()
    delivery.request(fan=True)
    assert delivery.wanted == Settings(50, Mode.FAST, fan=True)


def test_change_of_mode_is_proven_by_the_node(scene: Scene) -> None:
    """Queued, sent, reported; and the threshold with it."""
    delivery = scene.delivery
    delivery.request(mode=Mode.SLOW, threshold=60)
    assert scene.push()
    assert delivery.stage is Stage.QUEUED
    assert scene.uplink() is None
    assert event(delivery.sent(scene.newest, scene.now)) is DeliveryEvent.SENT
    assert delivery.stage is Stage.SENT
    assert delivery.proven == Settings(60, Mode.SLOW, fan=False)
    assert delivery.pending
    scene.mode = Mode.SLOW
    assert scene.uplink() is DeliveryEvent.DELIVERED
    assert delivery.stage is Stage.REPORTED
    assert not delivery.pending
    assert scene.pushes_at(30) == []


def test_change_of_mode_before_anything_was_seen() -> None:
    """The contradiction shows after the downlink has been queued."""
    scene = Scene()
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.mode = Mode.SLOW
    assert scene.uplink() is DeliveryEvent.DELIVERED


def test_wanting_the_same_again_costs_nothing(scene: Scene) -> None:
    """An automation may say the same every minute."""
    scene.delivery.request(threshold=70)
    scene.push()
    assert scene.delivery.request(threshold=70) is None
    assert not scene.push()
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    assert scene.delivery.request(threshold=70) is None
    assert not scene.push()
    assert scene.delivery.stage is Stage.SENT


def test_wanting_the_same_again_after_giving_up(scene: Scene) -> None:
    """That is another try."""
    scene.delivery.budget = None
    scene.delivery.request(threshold=70)
    scene.push()
    scene.pushes_at(40)
    assert scene.delivery.stage is Stage.FAILED
    scene.delivery.request(threshold=70)
    assert scene.push()


def test_gateway_that_does_not_say_that_it_sent(scene: Scene) -> None:
    """What the node reports proves it all the same."""
    scene.delivery.request(fan=True)
    scene.push()
    scene.uplink()
    scene.fan = True
    assert scene.uplink() is DeliveryEvent.DELIVERED
    assert scene.delivery.proven == Settings(50, Mode.FAST, fan=True)


def test_threshold_alone_is_proven_by_being_sent(scene: Scene) -> None:
    """Nothing that the node sends can show it."""
    scene.delivery.request(threshold=70)
    scene.push()
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    assert scene.delivery.stage is Stage.SENT
    assert not scene.delivery.pending
    assert scene.pushes_at(30) == []


def test_acknowledgement(scene: Scene) -> None:
    """A node that confirms has it for certain."""
    scene.delivery.request(threshold=70)
    scene.push()
    scene.uplink()
    acknowledged = scene.delivery.acknowledged(scene.newest)
    assert acknowledged == (DeliveryEvent.DELIVERED, scene.pushed[-1], None)
    assert scene.delivery.stage is Stage.ACKNOWLEDGED
    assert scene.delivery.proven == Settings(70, Mode.FAST, fan=False)
    assert scene.delivery.acknowledged("someone else's") is None


def test_not_sent_is_repeated_by_the_count_of_uplinks(scene: Scene) -> None:
    """After 3, then 2, 4 and 8 apart, and then no more."""
    scene.delivery.budget = None
    scene.delivery.request(threshold=70)
    assert scene.push()
    assert scene.pushes_at(60) == [3, 5, 9, 17]
    assert scene.delivery.stage is Stage.FAILED
    assert scene.delivery.error == "no_answer"
    assert scene.delivery.pending


def test_giving_up_is_said_once(scene: Scene) -> None:
    """Eight uplinks after the last attempt."""
    scene.delivery.budget = None
    scene.delivery.request(threshold=70)
    scene.push()
    scene.pushes_at(17)
    events = [scene.uplink() for _ in range(20)]
    assert events == [None] * 7 + [DeliveryEvent.FAILED] + [None] * 12


def test_not_obeyed_is_repeated(scene: Scene) -> None:
    """A downlink is lost as easily as an uplink."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    assert scene.pushes_at(2) == [2]
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    assert scene.pushes_at(2) == [2]


def test_node_that_changes_by_itself_is_told_again(scene: Scene) -> None:
    """It has been restarted, and has forgotten."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.mode = Mode.SLOW
    scene.uplink()
    assert scene.delivery.stage is Stage.REPORTED
    scene.mode = Mode.FAST
    assert scene.pushes_at(2) == [2]
    assert scene.delivery.pending


def test_node_that_joined_anew_is_told_again(scene: Scene) -> None:
    """It is as a fresh one, so even what had been proven has to be sent once more."""
    wanted = Settings(70, Mode.SLOW, fan=False)
    scene.delivery.request(threshold=70, mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.mode = Mode.SLOW
    scene.uplink()
    assert (scene.delivery.stage, scene.delivery.proven) == (Stage.REPORTED, wanted)
    scene.delivery.restarted()
    assert scene.delivery.stage is Stage.IDLE
    assert scene.delivery.proven is None
    assert scene.delivery.pending
    assert scene.push()
    assert scene.pushed == [wanted, wanted]
    # The mode that it was in before the join is no contradiction that vanishes now.
    assert scene.uplink() is None
    assert scene.delivery.stage is Stage.QUEUED


def test_node_that_joined_anew_after_it_was_given_up(scene: Scene) -> None:
    """It is tried again, from the first attempt on."""
    scene.delivery.budget = None
    scene.delivery.request(threshold=70)
    scene.push()
    scene.pushes_at(40)
    scene.delivery.restarted()
    assert scene.delivery.error is None
    assert scene.push()
    assert scene.pushes_at(60) == [3, 5, 9, 17]


def test_node_that_joined_anew_and_of_which_nothing_is_wanted(scene: Scene) -> None:
    """It is left alone."""
    scene.delivery.restarted()
    assert not scene.push()
    assert not scene.delivery.pending


def test_uncertain_mode_proves_nothing(scene: Scene) -> None:
    """Neither that the node has obeyed nor that it has not."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    scene.mode = None
    assert scene.pushes_at(5) == []
    assert scene.delivery.stage is Stage.SENT


@pytest.mark.parametrize(
    ("maximum", "proven"), [(40.0, True), (55.0, False), (None, False)]
)
def test_fan_that_may_run_because_it_is_hot_proves_nothing(
    scene: Scene, maximum: float | None, proven: bool
) -> None:
    """Only below every threshold that the node may have."""
    scene.delivery.request(fan=True, threshold=50)
    scene.push()
    scene.uplink()
    scene.fan, scene.maximum = True, maximum
    assert (scene.uplink() is DeliveryEvent.DELIVERED) is proven


def test_fan_that_runs_in_the_heat_is_not_disobedient(scene: Scene) -> None:
    """It was asked to be off, and is on above the threshold."""
    scene.delivery.request(fan=False, threshold=50)
    scene.push()
    scene.uplink()
    scene.delivery.sent(scene.newest, scene.now)
    scene.fan, scene.maximum = True, 60.0
    assert scene.pushes_at(10) == []
    scene.maximum = 40.0
    assert scene.pushes_at(2) == [2]


def test_new_wish_supersedes_what_is_queued(scene: Scene) -> None:
    """At most one downlink waits, and it carries everything."""
    scene.delivery.request(threshold=60)
    scene.push()
    superseded = scene.delivery.request(mode=Mode.SLOW)
    assert superseded == Happened(DeliveryEvent.SUPERSEDED, scene.pushed[0])
    assert scene.push()
    assert scene.pushed[-1] == Settings(60, Mode.SLOW, fan=False)
    # The first one may have left all the same.
    assert scene.delivery.sent("ours:1", scene.now) is None
    assert scene.delivery.proven == Settings(60, Mode.FAST, fan=False)
    assert scene.delivery.stage is Stage.QUEUED


def test_wish_that_changes_while_it_is_being_sent(scene: Scene) -> None:
    """What was accepted is not what is wanted any more."""
    scene.delivery.request(threshold=60)
    settings = scene.delivery.due(scene.now)
    assert settings is not None
    scene.delivery.offered("ours:0", settings)
    scene.delivery.request(threshold=70)
    scene.delivery.accepted("ours:0")
    assert scene.delivery.stage is Stage.IDLE
    assert scene.uplink() is None
    assert scene.delivery.due(scene.now) == Settings(70, Mode.FAST, fan=False)
    assert scene.delivery.failed("ours:0", "expired_downlink") is None
    scene.delivery.acknowledged("ours:0")
    assert scene.delivery.stage is Stage.IDLE


def test_proof_of_another_downlink_is_none(scene: Scene) -> None:
    """What was asked for before the one under way had shown leaves only after that."""
    delivery = scene.delivery
    delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    delivery.request(threshold=60)
    scene.push()
    delivery.sent("ours:1", scene.now)
    scene.mode = Mode.SLOW
    assert scene.uplink() is None
    assert delivery.stage is Stage.QUEUED
    assert delivery.proven == Settings(50, Mode.SLOW, fan=False)
    # Lost, so nothing ever shows it: it is sent again.
    assert scene.pushes_at(3) == [2]
    assert scene.pushed[-1] == Settings(60, Mode.SLOW, fan=False)
    scene.uplink()
    assert event(delivery.sent(scene.newest, scene.now)) is DeliveryEvent.SENT
    assert not delivery.pending


def test_proof_beside_another_downlink(scene: Scene) -> None:
    """What only the newer one would have changed proves it all the same."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.delivery.request(fan=True)
    scene.push()
    scene.mode, scene.fan = Mode.SLOW, True
    assert scene.uplink() is DeliveryEvent.DELIVERED


def test_proof_after_another_downlink_was_replaced(scene: Scene) -> None:
    """Once a message shows that the older one did not leave, it proves nothing else."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.delivery.request(threshold=60)
    scene.push()
    assert scene.uplink() is None
    scene.mode = Mode.SLOW
    assert scene.uplink() is DeliveryEvent.DELIVERED


def test_older_downlink_that_leaves_late(scene: Scene) -> None:
    """As a confirmed one may that the network sends again by itself."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.delivery.request(threshold=60)
    scene.push()
    scene.uplink()
    assert scene.delivery.sent("ours:1", scene.now) is None
    scene.mode = Mode.SLOW
    assert scene.uplink() is None
    assert scene.delivery.stage is Stage.QUEUED


def test_downlink_whose_answer_was_lost(scene: Scene) -> None:
    """The server has taken it, and tells so later; it is not sent a second time."""
    scene.delivery.request(threshold=60)
    scene.push_refused()
    scene.uplink()
    assert event(scene.delivery.sent(scene.newest, scene.now)) is DeliveryEvent.SENT
    assert scene.delivery.proven == Settings(60, Mode.FAST, fan=False)
    assert not scene.delivery.pending
    assert scene.delivery.sent_today(scene.now) == 1
    assert scene.pushes_at(20) == []


def test_acknowledgement_of_what_is_not_wanted_any_more(scene: Scene) -> None:
    """It is said with its own settings, and proves nothing of the new ones."""
    scene.delivery.request(threshold=60)
    scene.push()
    scene.uplink()
    scene.delivery.request(threshold=70)
    scene.push_refused()
    acknowledged = scene.delivery.acknowledged("ours:1")
    assert acknowledged == Happened(DeliveryEvent.DELIVERED, scene.pushed[0])
    assert scene.delivery.stage is Stage.FAILED
    assert scene.delivery.pending


def test_refusals_are_no_attempts(scene: Scene) -> None:
    """However long the server is out of order, it is asked again, ever less often."""
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
    assert scene.delivery.stage is Stage.QUEUED
    # The first downlink is known still.
    assert scene.delivery.sent("ours:1", scene.now)


def test_refusal_of_what_is_not_wanted_any_more(scene: Scene) -> None:
    """It does not keep the newer one back."""
    scene.delivery.request(threshold=60)
    settings = scene.delivery.due(scene.now)
    assert settings is not None
    scene.delivery.offered("ours:0", settings)
    scene.delivery.request(threshold=70)
    refused = scene.delivery.refused("ours:0", "cannot_connect")
    assert refused == (DeliveryEvent.FAILED, settings, "cannot_connect")
    assert scene.delivery.stage is Stage.IDLE
    assert scene.push()


def test_refusal_is_retried_after_some_uplinks(scene: Scene) -> None:
    """The server may have been out of order."""
    scene.delivery.request(threshold=60)
    assert scene.push_refused()
    assert scene.delivery.stage is Stage.FAILED
    assert scene.delivery.error == "cannot_connect"
    assert scene.pushes_at(2) == [2]
    assert scene.delivery.stage is Stage.QUEUED
    assert scene.delivery.error is None


def test_failure_at_the_server_is_retried(scene: Scene) -> None:
    """The gateway was busy, or the node has joined again."""
    scene.delivery.request(threshold=60)
    scene.push()
    failed = scene.delivery.failed(scene.newest, "no_device_session")
    assert failed == (DeliveryEvent.FAILED, scene.pushed[-1], "no_device_session")
    assert scene.delivery.error == "no_device_session"
    assert scene.pushes_at(2) == [2]
    assert scene.delivery.failed("ours:1", "expired_downlink") is None


def test_late_word_that_it_was_sent(scene: Scene) -> None:
    """The node has shown it already."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.mode = Mode.SLOW
    scene.uplink()
    assert event(scene.delivery.sent(scene.newest, scene.now)) is DeliveryEvent.SENT
    assert scene.delivery.stage is Stage.REPORTED


def test_budget_of_the_day(scene: Scene) -> None:
    """What is over it waits, and goes when the day has passed."""
    scene.delivery.budget = 2
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
    """The fair share is the node's, whoever uses it."""
    scene.delivery.sent("", scene.now)
    assert scene.delivery.sent_today(scene.now) == 1


def test_old_downlinks_are_forgotten(scene: Scene) -> None:
    """Nobody hears of them any more."""
    scene.delivery.budget = None
    for threshold in range(9):
        scene.delivery.request(threshold=threshold)
        scene.push()
    scene.delivery.sent("ours:1", scene.now)
    assert scene.delivery.proven is None
    scene.delivery.sent("ours:2", scene.now)
    assert scene.delivery.proven == Settings(1, Mode.FAST, fan=False)


def test_settings_survive_a_restart(scene: Scene) -> None:
    """Wanted, proven, how far, and how often tried."""
    scene.delivery.request(mode=Mode.SLOW)
    scene.push()
    scene.uplink()
    scene.uplink()
    scene.delivery = Delivery.from_dict(
        json.loads(json.dumps(scene.delivery.as_dict()))
    )
    assert scene.delivery.stage is Stage.QUEUED
    assert scene.pushes_at(1) == [1]
    scene.delivery.sent(scene.newest, scene.now)
    again = Delivery.from_dict(json.loads(json.dumps(scene.delivery.as_dict())))
    assert again.wanted == again.proven == Settings(50, Mode.SLOW, fan=False)
    assert again.as_dict() == scene.delivery.as_dict()


def test_nothing_survives_of_nothing() -> None:
    """A node that is new."""
    again = Delivery.from_dict(Delivery().as_dict(), budget=None)
    assert again.as_dict() == Delivery().as_dict()
    assert again.budget is None


@given(st.data())
def test_never_over_budget_and_never_in_vain(data: st.DataObject) -> None:
    """Whatever happens: within the day's budget, and done once it shows."""
    scene = Scene()
    steps = st.sampled_from(["mode", "threshold", "uplink", "sent", "failed", "obey"])
    for step in data.draw(st.lists(steps, max_size=120)):
        if step == "mode":
            scene.delivery.request(mode=data.draw(st.sampled_from(Mode)))
        elif step == "threshold":
            scene.delivery.request(threshold=data.draw(st.integers(-40, 300)))
        elif step == "sent":
            scene.delivery.sent(scene.newest, scene.now)
        elif step == "failed":
            scene.delivery.failed(scene.newest, "transmission")
        elif step == "obey" and scene.pushed:
            scene.mode = scene.pushed[-1].mode
        else:
            scene.uplink()
        scene.push()
        assert scene.delivery.sent_today(scene.now) <= 9
        if scene.delivery.stage is Stage.REPORTED:
            assert scene.delivery.proven == scene.delivery.wanted


@dataclass
class Node(Scene):
    """A node of class A, and a network server with a queue of one."""

    has: Settings = FRESH_SETTINGS
    queue: tuple[str, Settings] | None = None
    offered: int = 0

    def offer(self, taken: bool, answered: bool) -> None:
        """Give the server what is due, if anything is."""
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

    def speak(
        self, heard: bool, certain: bool, leaves: bool, arrives: bool, told: bool
    ) -> DeliveryEvent | None:
        """Let the node send a line, and hear what was waiting if the network heard it.

        `certain`: the line tells its mode. `told`: the gateway says that it has sent.
        """
        self.mode = self.has.mode if certain else None
        self.fan = self.has.fan
        happened = self.uplink() if heard else None
        if heard and leaves and self.queue:
            key, settings = self.queue
            self.queue = None
            if arrives:
                self.has = settings
            if told:
                self.delivery.sent(key, self.now)
        return happened


@given(st.data())
def test_what_shows_is_true(data: st.DataObject) -> None:
    """Whatever is lost, late or refused: what a message proves the node really has."""
    node = Node(Delivery(budget=None))
    modes, flags = st.sampled_from(Mode), st.booleans()
    for step in data.draw(st.lists(st.sampled_from(["ask", "speak"]), max_size=60)):
        if step == "ask":
            node.delivery.request(
                threshold=data.draw(st.none() | st.integers(60, 62)),
                mode=data.draw(st.none() | modes),
                fan=data.draw(st.none() | flags),
            )
        else:
            happened = node.speak(*(data.draw(flags) for _ in range(5)))
            if happened is DeliveryEvent.DELIVERED:
                assert node.has == node.delivery.wanted == node.delivery.proven
        if data.draw(flags):
            node.offer(taken=data.draw(flags), answered=data.draw(flags))
