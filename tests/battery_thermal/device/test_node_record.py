"""Tests of the record of a node: what each message changes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import example, given, settings, strategies as st
import numpy as np
import pytest

from custom_components.battery_thermal.device.catch_up import CatchUp
from custom_components.battery_thermal.device.node_record import NodeRecord
from custom_components.battery_thermal.lorawan.network_server import Join, Uplink
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.protocol.layout import grid_with_lines_of
from custom_components.battery_thermal.protocol.session import UNKNOWN_SESSION
from custom_components.battery_thermal.protocol.uplink import (
    Line,
    Reset,
    decode_line_message,
)
from simulator.node import Mode, Numbering
from tests.battery_thermal.uplinks import START, config, make_uplink, node_uplinks

CONFIG = config()


def as_stored(uplink: Uplink) -> Uplink:
    """Return an uplink as the network server returns it from its storage."""
    return replace(uplink, session=UNKNOWN_SESSION, stored=True)


class Receiver:
    """A record of the node, and the images that it has passed to the archive."""

    def __init__(self, start: datetime) -> None:
        """Initialize an empty record."""
        self.start = start
        self.record = NodeRecord(CONFIG, start, 0)
        self.images: list[dict[str, Any]] = []
        self.shown: list[ThermalImage] = []
        self.record.image_listeners.add_listener(self._archive)

    def _archive(self, archived: ArchivedImage) -> None:
        self.shown.append(archived.image)
        self.images.append(
            {
                **archived.image.as_dict(),
                "ambient": archived.ambient,
                "fan": archived.fan,
            }
        )

    def receive(self, uplinks: list[Uplink], live: list[bool]) -> None:
        """Receive the live uplinks; before each, fetch the stored ones since the last one."""
        connected = False
        for number, (uplink, is_live) in enumerate(zip(uplinks, live, strict=True)):
            if not is_live:
                connected = False
                continue
            now = uplink.received_at + timedelta(milliseconds=100)
            monotonic = (now - self.start).total_seconds()
            if connected:
                self.record.close_overdue_image(monotonic)
            else:
                self.fetch(uplinks[:number], now)
                connected = True
            self.record.receive(uplink, now, monotonic, live=True)
        self.fetch(uplinks, uplinks[-1].received_at)

    def fetch(self, uplinks: list[Uplink], now: datetime) -> None:
        """Connect, and receive the missed ones of all stored uplinks."""
        monotonic = (now - self.start).total_seconds()
        since = self.record.missing_since
        after = since - timedelta(seconds=since.year > 1)
        stored = [as_stored(one) for one in uplinks if one.received_at > after]
        self.record.begin_catch_up(connected=False, monotonic=monotonic)
        for uplink in self.record.select_missed(stored, monotonic):
            self.record.receive(uplink, now, monotonic)
        self.record.set_connected(connected=True, monotonic=monotonic)

    @property
    def known(self) -> dict[str, Any]:
        """Return the contents of the record."""
        record = self.record
        image = record.images.image
        return {
            "images": self.images,
            "growing": image and not image.closed and image.as_dict(),
            "airtime": round(sum(record.traffic.airtime.as_dict().values()), 6),
            "lost_lines": sum(record.traffic.lost_lines.as_dict().values()),
            "heard_at": record.traffic.heard_at,
            "rejected": dict(record.rejected),
            "suspect": record.images.suspect_images,
            "fan": record.images.fan,
            "ambient": record.images.ambient,
            "line_position": record.images.line_position,
        }


def equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Compare part by part, so that a difference can be seen."""
    assert one.keys() == other.keys()
    for key, value in one.items():
        assert value == other[key], key


@dataclass(frozen=True)
class Case:
    """How a node sends, and what becomes of it.

    `rejoins_at`: the number of the message that is the first after a new join; None: it
    stays in its session. `live`: which are heard live. `lost`: what no gateway hears.
    """

    numbering: Numbering
    rejoins_at: int | None
    live: list[bool]
    lost: set[int]


CASES = st.builds(
    Case,
    numbering=st.sampled_from(Numbering),
    rejoins_at=st.none() | st.integers(2, 60),
    live=st.lists(st.booleans(), min_size=70, max_size=70)
    | st.builds(
        lambda first, count: [not first <= n < first + count for n in range(70)],
        st.integers(0, 69),
        st.integers(1, 30),
    ),
    lost=st.sets(st.integers(0, 69), max_size=10),
)


def session_not_reported(numbering: Numbering, rejoins_at: int, *lost: int) -> Case:
    """Return a case in which only uplinks after a join are received live."""
    live = [number >= rejoins_at for number in range(70)]
    return Case(numbering, rejoins_at, live, {rejoins_at, *lost})


@settings(max_examples=100, deadline=None)
@given(case=CASES)
@example(case=session_not_reported(Numbering.RUNNING, 5))
@example(case=session_not_reported(Numbering.PORT, 2, 3, 4, 5))
@example(case=session_not_reported(Numbering.COUNTER, 26, 27, 28, 29))
@example(case=session_not_reported(Numbering.COUNTER, 19, 0))
def test_any_subset_live(case: Case) -> None:
    """The record is the same whichever uplinks were received live and which were fetched.

    Stored uplinks do not report their session. If the reset after a join is lost too,
    other images may be left out, but no image has lines of two images of the node.
    """
    known = []
    for live in (case.live, [True] * 70):
        sent = node_uplinks(
            70,
            mode=Mode.SLOW,
            numbering=case.numbering,
            rejoins_at=case.rejoins_at,
        )
        received = [number for number in range(70) if number not in case.lost]
        receiver = Receiver(START)
        receiver.receive(
            [sent[number] for number in received], [live[number] for number in received]
        )
        for image in receiver.shown:
            assert sources(image, sent)
        known.append(shifted(receiver.known, START))
    if case.rejoins_at not in case.lost:
        equal(*known)


def sources(image: ThermalImage, sent: list[Uplink]) -> set[int]:
    """Return the numbers of the sent images that all lines of an image may be of."""
    grid = grid_with_lines_of(image.mode, 32)
    lines: list[tuple[int, int, Line]] = []
    number = position = 0
    for uplink in sent:
        content = decode_line_message(uplink.payload)
        if isinstance(content, Line):
            lines.append((number, position, content))
            position += 1
        if isinstance(content, Reset) or content.is_last:
            number, position = number + 1, 0
    of_lines = (
        {
            number
            for number, position, content in lines
            if position == line
            and (image.values[grid.area(line)] == grid.block(content.values)).all()
        }
        for line in set(range(grid.lines)) - set(image.missing_lines)
    )
    return set.intersection(*of_lines)


def shifted(known: Any, start: datetime) -> Any:
    """Return record contents with times relative to the start, and arrays as lists."""
    match known:
        case dict():
            return {key: shifted(value, start) for key, value in known.items()}
        case list():
            return [shifted(value, start) for value in known]
        case datetime():
            return (known - start).total_seconds()
        case np.ndarray():
            return known.tolist()
        case str():
            try:
                return (datetime.fromisoformat(known) - start).total_seconds()
            except ValueError:
                return known
    return known


def received(count: int = 3) -> NodeRecord:
    """Return a record that has received the first messages of a node."""
    record = NodeRecord(CONFIG, START, 0)
    for number, uplink in enumerate(node_uplinks(count)):
        record.receive(uplink, uplink.received_at, 30.0 * number, live=True)
    return record


def test_last_line_shows_the_settings() -> None:
    """The last line has the maximum of the image, which other lines do not have."""
    record = NodeRecord(CONFIG, START, 0)
    reset, first, last = (
        record.receive(uplink, uplink.received_at, 0, live=True)
        for uplink in node_uplinks(3)
    )
    assert reset is None
    assert first
    assert first.maximum is None
    assert last
    assert record.images.measured
    assert last.maximum == record.images.measured.maximum
    assert (last.fan, last.mode) == (False, "fast")


def test_copy_changes_nothing() -> None:
    """A copy changes neither counters nor images."""
    record = received()
    before = record.as_dict()
    for uplink in node_uplinks(3):
        assert record.receive(uplink, uplink.received_at, 0, live=True) is None
        assert record.receive(as_stored(uplink), uplink.received_at, 0) is None
    assert record.as_dict() == before


def test_message_that_cannot_be_read(caplog: pytest.LogCaptureFixture) -> None:
    """It is counted by its reason, logged once, and still shows that the node sends."""
    record = received()
    for number in (3, 4):
        uplink = make_uplink(number, bytes(5))
        record.receive(uplink, uplink.received_at, 0, live=True)
    assert record.rejected == {"length": 2}
    assert caplog.text.count("Garage: a message was not understood: length") == 1
    assert record.traffic.heard_at == START + 4 * timedelta(seconds=30)


def test_status_of_another_layout() -> None:
    """A line of a layout that the owner has not set shows no picture, but fan and ambient."""
    record = NodeRecord(config(layout="slow_32"), START, 0)
    line = make_uplink(3, bytes(48) + b"\x95")
    evidence = record.receive(line, line.received_at, 0, live=True)
    assert record.rejected == {"layout": 1}
    assert record.images.image is None
    assert (record.images.fan, record.images.ambient) == (True, 21)
    assert evidence is not None and evidence.fan and evidence.mode is None
    last = make_uplink(4, bytes(51) + b"\x16")
    evidence = record.receive(last, last.received_at, 0, live=True)
    assert evidence is not None and evidence.maximum == 0.0
    assert (record.images.fan, record.images.ambient) == (False, 22)


@pytest.mark.parametrize("mode", Mode)
def test_server_that_sets_its_clock_back(mode: Mode) -> None:
    """The fan and the settings are read of the next message, not an hour later."""
    uplinks = node_uplinks(60, mode=mode)
    record = NodeRecord(CONFIG, START, 0)
    for number, uplink in enumerate(uplinks):
        now = uplink.received_at
        if number >= 50:
            uplink = replace(uplink, received_at=now - timedelta(hours=1))
        evidence = record.receive(uplink, now, (now - START).total_seconds(), live=True)
        assert (evidence is None) == (number == 0)


def test_encrypted_uplinks() -> None:
    """Encrypted uplinks are counted; stored ones do not show it, and are not read either."""
    record = received()
    record.receive(make_uplink(3, bytes(37), encrypted=True), START, 0, live=True)
    assert record.encrypted
    record.receive(make_uplink(4, bytes(37), stored=True), START, 0)
    assert record.rejected == {"encrypted": 2}
    assert record.encrypted
    record.receive(make_uplink(5, bytes(37)), START, 0, live=True)
    assert not record.encrypted


@pytest.mark.parametrize(
    ("session", "is_new"), [("first", False), ("second", True), ("", True)]
)
def test_join(session: str, is_new: bool) -> None:
    """A new session means that the node may have lost its settings."""
    record = received()
    join = Join(device_id="garage", session=session)
    assert record.receive_join(join) is is_new


def test_simulated_uplink() -> None:
    """It is counted, and shown until the node has sent a line."""
    record = NodeRecord(CONFIG, START, 0)
    line = replace(node_uplinks(2)[1], simulated=True)
    assert record.receive_simulated(line)
    assert record.images.simulated
    assert record.receive_simulated(replace(line, payload=bytes(5)))
    assert not record.receive_simulated(replace(line, f_port=0))
    assert not record.receive_simulated(replace(line, encrypted=True))
    assert not received().receive_simulated(line)
    assert record.notices == {"simulated": 4, "simulated_length": 1}


def test_listeners() -> None:
    """Listeners get images that have ended, and changes on which repair issues depend."""
    record = NodeRecord(CONFIG, START, 0)
    images: list[ArchivedImage] = []
    known: list[bool | None] = []
    record.image_listeners.add_listener(images.append)
    record.status_listeners.add_listener(lambda: known.append(record.known_to_server))
    record.set_known_to_server(False)
    for uplink in node_uplinks(3):
        record.receive(uplink, uplink.received_at, 0, live=True)
    assert [archived.image.complete for archived in images] == [True]
    assert known == [False, True, True, True]


def test_restored() -> None:
    """The whole record survives a restart."""
    record = NodeRecord(CONFIG, START, 0)
    before = received(4)
    record.restore(before.as_dict())
    assert record.as_dict() == before.as_dict()
    assert record.missing_since == before.missing_since


def test_record_of_an_earlier_release() -> None:
    """Earlier releases did not store session and encryption."""
    data = received(4).as_dict()
    del data["session"], data["encrypted"]
    record = NodeRecord(CONFIG, START, 0)
    record.restore(data)
    assert not record.encrypted
    assert record.as_dict()["session"] == UNKNOWN_SESSION


def test_missed_uplinks() -> None:
    """Uplinks after the newest one are selected, and may be fetched once more later."""
    record = received(2)
    uplinks = node_uplinks(4)
    record.begin_catch_up(connected=True, monotonic=100)
    assert record.presence.connected
    assert record.missed.in_progress
    stored = [as_stored(one) for one in uplinks[1:]]
    assert record.select_missed(stored, 100) == stored[1:]
    assert record.missed.outcome is CatchUp.FETCHED
    assert record.missing_since == uplinks[3].received_at

    record.set_connected(True, 100)
    assert not record.missed.in_progress


def test_server_that_stores_nothing() -> None:
    """It gets no further request."""
    record = received(2)
    assert record.select_missed([], 600) == []
    assert record.missed.outcome is CatchUp.OFF
    assert record.missed.caught_up_to is None


def test_request_that_failed() -> None:
    """The same uplinks are requested again."""
    record = received(2)
    since = record.missing_since
    assert record.select_missed(None, 600) == []
    assert record.missed.outcome is CatchUp.FAILED
    assert record.missed.caught_up_to == since


def test_uplinks_that_were_stored_late() -> None:
    """They are selected once; after that nothing is missing."""
    record = received(2)
    record.select_missed(None, 60)
    late = as_stored(node_uplinks(3)[2])
    now = late.received_at
    assert record.missed.select_late([late], record.missing_since, now) == [late]
    assert record.missed.outcome is CatchUp.FETCHED
    assert record.missed.caught_up_to is None
    assert record.missed.select_late(None, record.missing_since, now) == []
    assert record.missed.outcome is CatchUp.FETCHED
