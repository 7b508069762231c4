"""Tests of topics and payloads."""

from contextlib import suppress
from functools import partial
import tracemalloc

from hypothesis import given, strategies as st
import pytest

from custom_components.esp32_sensors.core import protocol
from custom_components.esp32_sensors.core.protocol import Discarded


@pytest.mark.rule("S-42")
@pytest.mark.parametrize(
    "parse",
    [
        protocol.parse_join,
        protocol.parse_leave,
        partial(protocol.parse_report, 1),
        partial(protocol.parse_report, 100),
    ],
)
@given(payload=st.binary(max_size=80) | st.text(max_size=60).map(str.encode))
def test_any_bytes(parse: object, payload: bytes) -> None:
    """Any bytes are parsed or discarded; no other exception is raised."""
    assert callable(parse)
    parsed = None
    with suppress(Discarded):
        parsed = parse(payload)
    if parsed is not None:
        assert payload.decode() == ";".join(str(part) for part in parsed)


@pytest.mark.parametrize("payload", [b"\xff", b"a;", b";", b"1"])
def test_memory_does_not_grow_with_length(payload: bytes) -> None:
    """The memory for parsing a message does not grow with its length."""
    payload *= 65536 // len(payload)
    for parse in (
        protocol.parse_join,
        protocol.parse_leave,
        partial(protocol.parse_report, 100),
    ):
        peaks = []
        # The smallest of several peaks: other threads of the process allocate as well.
        for _ in range(5):
            tracemalloc.start()
            with pytest.raises(Discarded):
                parse(payload)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert min(peaks) < 8192


@given(
    st.text("abcé☺ 7", min_size=1, max_size=7),
    st.integers(0, 10**16 - 1).map(protocol.session_id),
    st.integers(0, 100),
)
def test_round_trip(name: str, session: str, value: int) -> None:
    """Valid payloads are parsed into their fields."""
    credentials = f"{name};{session}"
    assert protocol.parse_join(credentials.encode()) == (name, session)
    assert protocol.parse_leave(credentials.encode()) == (name, session)
    report = f"{credentials};{value}".encode()
    assert protocol.parse_report(100, report) == (name, session, value)


@pytest.mark.rule("S-42")
def test_longest_payload() -> None:
    """The longest name, session id and value are accepted; one byte more is discarded."""
    longest = f"{'é' * 14}x;{'1' * 17};100".encode()
    assert protocol.parse_report(100, longest)[-1] == 100
    with pytest.raises(Discarded, match="too_long"):
        protocol.parse_report(100, b"x" + longest)


@pytest.mark.rule("S-03")
def test_default_names() -> None:
    """Default names have a number of two digits at least."""
    numbers = (1, 42, 100)
    names = [protocol.default_name(number) for number in numbers]
    assert names == ["capteur01", "capteur42", "capteur100"]


@pytest.mark.rule("S-04")
@given(st.integers(0, 10**16 - 2), st.floats(-1e9, 1e12))
def test_session_ids_grow(last: int, now: float) -> None:
    """A new id is greater than the last, as number and as text of 17 characters."""
    new = protocol.next_session(last, now)
    assert new > last
    assert protocol.session_id(new) > protocol.session_id(last)
    assert len(protocol.session_id(new)) == protocol.SESSION_ID_BYTES


def test_session_id_is_the_time() -> None:
    """An id is the time of its assignment in microseconds."""
    new = protocol.next_session(0, 1743946777.603371)
    assert protocol.session_id(new) == "1743946777.603371"


def test_formats() -> None:
    """Payloads of the server are those of the owner's document."""
    assert (
        protocol.format_assignment(
            "61:EC:ED:3B:25:B1", "capteur01", "1743946777.603371"
        )
        == "61:EC:ED:3B:25:B1;capteur01;1743946777.603371"
    )
    assert (
        protocol.format_led_command("capteur01", "1743946777.603371", True)
        == "capteur01;1743946777.603371;1"
    )
