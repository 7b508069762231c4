"""The fan of a node as evidence of heat that its picture does not show."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.delivery import Delivery
from custom_components.battery_thermal.protocol.downlink import (
    FRESH_SETTINGS,
    Settings,
    encode_downlink,
)
from custom_components.battery_thermal.protocol.fan_evidence import FanReason, judge_fan
from custom_components.battery_thermal.protocol.formats import decode_uplink
from custom_components.battery_thermal.protocol.layout import Layout, Numbering
from custom_components.battery_thermal.protocol.possible_settings import CERTAIN_AFTER
from custom_components.battery_thermal.protocol.uplink import Line
from simulator.node import BatteryNode
from simulator.thermal_model import ThermalModel

from .yield_run import START

OFF_50 = Settings(50, Mode.FAST, fan=False)
OFF_80 = Settings(80, Mode.FAST, fan=False)
ON_50 = Settings(50, Mode.FAST, fan=True)
COLD = Settings(-10, Mode.FAST, fan=False)


@pytest.mark.parametrize(
    ("fan", "maximum", "possible", "dead", "reason"),
    [
        # The fan does not run, so there is nothing to explain.
        (False, 257, (OFF_50,), (), FanReason.OFF),
        (False, 3200, None, (), FanReason.OFF),
        # The ambient temperature is that of the node, not of the picture.
        (True, 257, (OFF_50,), (), FanReason.UNSEEN),
        (True, 404, (OFF_50,), (), FanReason.UNSEEN),
        (True, 499, (OFF_50,), (), FanReason.UNSEEN),
        (True, -101, (COLD,), (), FanReason.UNSEEN),
        # The node compares before it truncates: 50.05 °C is sent as 50.0.
        (True, 500, (OFF_50,), (), FanReason.HOT),
        (True, 501, (OFF_50,), (), FanReason.HOT),
        (True, 3200, (OFF_50,), (), FanReason.HOT),
        (True, -99, (COLD,), (), FanReason.HOT),
        # The fan was requested, or may have been.
        (True, 257, (ON_50,), (), FanReason.ASKED),
        (True, 600, (ON_50, OFF_50), (), FanReason.HOT),
        (True, 257, (ON_50, OFF_50), (), FanReason.UNKNOWN),
        # The settings are unknown, or a change is pending.
        (True, 257, None, (), FanReason.UNKNOWN),
        (True, 257, (), (), FanReason.UNKNOWN),
        (True, 600, (OFF_80, OFF_50), (), FanReason.UNKNOWN),
        (True, 404, (OFF_80, OFF_50), (), FanReason.UNSEEN),
        # The hottest pixel of the node may be one that is declared dead.
        (True, 404, (OFF_50,), (404,), FanReason.DEAD_PIXEL),
        (True, 404, (OFF_50,), (None,), FanReason.DEAD_PIXEL),
        (True, 404, (OFF_50,), (210, 404), FanReason.DEAD_PIXEL),
        (True, 404, (OFF_50,), (210,), FanReason.UNSEEN),
    ],
)
def test_reasons(
    fan: bool,
    maximum: int,
    possible: tuple[Settings, ...] | None,
    dead: tuple[int | None, ...],
    reason: FanReason,
) -> None:
    """Each reason explains a running fan, or does not."""
    found = judge_fan(
        fan=fan, maximum=maximum, node_maximum=maximum, possible=possible, dead=dead
    )
    assert found is reason
    assert found.unseen is {FanReason.UNKNOWN: None, FanReason.UNSEEN: True}.get(
        found, False
    )


def push(delivery: Delivery, number: int, **settings: object) -> None:
    """Request settings, and have them accepted by the network server."""
    delivery.request(**settings)  # type: ignore[arg-type]
    assert delivery.wanted is not None
    delivery.offered(str(number), delivery.wanted)
    delivery.accepted(str(number))


def test_settings_that_a_node_may_have() -> None:
    """The possible settings go from unknown to certain, and back."""
    delivery = Delivery()
    assert delivery.possible is None
    push(delivery, 1, threshold=60)
    assert delivery.possible is None
    delivery.sent("1", START)
    first = Settings(60, Mode.FAST, fan=False)
    assert delivery.possible == (first, FRESH_SETTINGS)

    # A gateway has sent the downlink, which the node may not have received.
    push(delivery, 2, threshold=80)
    second = Settings(80, Mode.FAST, fan=False)
    assert set(delivery.possible or ()) == {first, FRESH_SETTINGS, second}
    delivery.sent("2", START)
    assert delivery.possible == (second, first)

    # The state survives a restart of Home Assistant.
    delivery = Delivery.from_dict(delivery.as_dict())
    assert delivery.possible == (second, first)

    # With the first settings the fan would have run.
    delivery.note_idle_fan(590)
    assert delivery.possible == (second, first)
    delivery.note_idle_fan(650)
    assert delivery.possible == (second,)

    # Downlinks of another client may have any settings.
    delivery.sent("another's", START)
    assert delivery.possible is None
    push(delivery, 3, fan=True)
    delivery.sent("3", START)
    third = Settings(80, Mode.FAST, fan=True)
    assert set(delivery.possible or ()) == {third, second}
    delivery.acknowledged("3")
    assert delivery.possible == (third,)

    # After a restart a node has its settings or those of a new node.
    delivery.note_restart()
    assert delivery.possible is None
    delivery.offered("4", third)
    delivery.accepted("4")
    delivery.sent("4", START)
    assert set(delivery.possible or ()) == {third, FRESH_SETTINGS}


def test_settings_sent_again_and_again_have_arrived() -> None:
    """A node may miss one downlink, but receives one of several with the same settings."""
    delivery = Delivery()
    push(delivery, 0, threshold=20)
    delivery.sent("0", START)
    for number in range(1, CERTAIN_AFTER + 1):
        assert len(delivery.possible or ()) == 2
        push(delivery, number, threshold=80)
        delivery.sent(str(number), START)
    assert delivery.possible == (Settings(80, Mode.FAST, fan=False),)


def test_settings_on_their_way_stay_possible() -> None:
    """A fan that is off does not exclude settings that may still arrive."""
    delivery = Delivery()
    push(delivery, 1, threshold=60)
    delivery.sent("1", START)
    push(delivery, 2, fan=True)
    delivery.note_idle_fan(300)
    assert Settings(60, Mode.FAST, fan=True) in (delivery.possible or ())


def test_records_of_earlier_releases() -> None:
    """Records of earlier releases do not contain the possible settings."""
    delivery = Delivery()
    push(delivery, 1, threshold=60)
    delivery.sent("1", START)
    data = delivery.as_dict()
    for key in ("rest", "repeats", "foreign"):
        del data[key]
    assert Delivery.from_dict(data).possible == (
        Settings(60, Mode.FAST, fan=False),
        FRESH_SETTINGS,
    )


class _NoRadio:
    """The radio's interface; uplinks are lost in the test itself."""

    async def join(self) -> None:
        """Not used."""

    async def uplink(self, *_args: object, **_kwargs: object) -> None:
        """Not used."""


def life(
    *, seed: int, images: int, loss: float, model: ThermalModel, changes: float = 0.2
) -> Iterator[tuple[BatteryNode, FanReason]]:
    """Yield the judgement of the fan at the end of each image of a node's life.

    `loss`: share of uplinks and of downlinks that are lost. The owner changes the
    settings, and the node is switched off and on, from time to time.
    """
    random = Random(seed)
    node = BatteryNode(
        model, _NoRadio(), layout=Layout.SLOW_24, numbering=Numbering.RUNNING
    )
    delivery = Delivery(budget=None)
    now, number, seen = START, 0, 0
    while seen < images:
        now += timedelta(seconds=30)
        if random.random() < 0.002:
            node.restart(keeps_settings=random.random() < 0.7)
            delivery.note_restart()
        uplink = node.next_uplink()
        if random.random() < changes / 10:
            delivery.request(
                threshold=random.randrange(-10, 90),
                mode=Mode(random.choice(list(Mode))),
                fan=random.random() < 0.2,
            )
        if random.random() < loss:
            continue
        line = decode_uplink(uplink.payload)
        maximum = None
        if isinstance(line, Line):
            if line.maximum is not None:
                seen += 1
                maximum = max(line.maximum, *line.values)
                yield (
                    node,
                    judge_fan(
                        fan=line.fan,
                        maximum=maximum,
                        node_maximum=line.maximum,
                        possible=delivery.possible,
                    ),
                )
                if not line.fan:
                    delivery.note_idle_fan(maximum)
            image = node.image
            assert image is not None
            delivery.uplink(
                now,
                mode=Mode(image.mode),
                fan=line.fan,
                maximum=None if maximum is None else maximum / 10,
            )
        due = delivery.due(now)
        if due is None:
            continue
        number += 1
        delivery.offered(str(number), due)
        if random.random() < 0.05:
            delivery.refused(str(number), "server_error")
        else:
            delivery.accepted(str(number))
        # The downlink is sent, whatever the answer was, and perhaps without a report.
        if random.random() >= loss:
            node.receive(1, encode_downlink(due))
        if random.random() < 0.9:
            delivery.sent(str(number), now)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("loss", [0.0, 0.1, 0.4])
def test_no_false_alarm_in_the_life_of_a_node(loss: float, seed: int) -> None:
    """Cold and hot batteries, changes of settings, restarts and lost messages raise no false alarm."""
    model = ThermalModel(seed, warming=60, load_period=7200.0)
    reasons = [
        reason for _, reason in life(seed=seed, images=300, loss=loss, model=model)
    ]
    assert FanReason.UNSEEN not in reasons
    assert {FanReason.OFF, FanReason.HOT} <= set(reasons)


@pytest.mark.parametrize("loss", [0.0, 0.1])
def test_heat_that_wraps_to_an_ordinary_value(loss: float) -> None:
    """It is detected with the first image whose last line arrives, once the settings are certain."""
    model = ThermalModel(1)
    found = []
    for number, (node, reason) in enumerate(
        life(seed=1, images=60, loss=loss, model=model, changes=0)
    ):
        if number == 5:
            node.receive(1, encode_downlink(OFF_50))
        found.append(reason)
    assert FanReason.UNSEEN not in found

    delivery = Delivery()
    push(delivery, 1, threshold=50)
    delivery.sent("1", START)
    node = BatteryNode(model, _NoRadio())
    node.next_uplink()
    model.heat_pixel((9, 9), 440.0)
    node.next_uplink()
    line = decode_uplink(node.next_uplink().payload)
    assert isinstance(line, Line)
    assert line.maximum is not None
    assert line.maximum < 310
    reason = judge_fan(
        fan=line.fan,
        maximum=max(line.maximum, *line.values),
        node_maximum=line.maximum,
        possible=delivery.possible,
    )
    assert reason is FanReason.UNSEEN
