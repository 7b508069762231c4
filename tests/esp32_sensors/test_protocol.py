"""Payloads, read and written."""

from contextlib import suppress
import tracemalloc

from hypothesis import given, strategies as st
import pytest

from custom_components.esp32_sensors import protocol
from custom_components.esp32_sensors.protocol import Discarded


@pytest.mark.rule("S-42")
@pytest.mark.parametrize(
    "parse",
    [
        protocol.parse_join,
        protocol.parse_leave,
        protocol.parse_switched,
        protocol.parse_light,
    ],
)
@given(payload=st.binary(max_size=80) | st.text(max_size=60).map(str.encode))
def test_any_bytes(parse: object, payload: bytes) -> None:
    """Any bytes are understood or discarded; nothing else happens."""
    assert callable(parse)
    parsed = None
    with suppress(Discarded):
        parsed = parse(payload)
    if parsed is not None:
        assert payload.decode() == ";".join(str(part) for part in parsed)


@pytest.mark.parametrize("payload", [b"\xff", b"a;", b";", b"1"])
def test_cost_does_not_grow(payload: bytes) -> None:
    """What a message costs does not grow with its length."""
    payload *= 65536 // len(payload)
    for parse in (protocol.parse_join, protocol.parse_leave, protocol.parse_light):
        peaks = []
        # The least of some: other threads of the process allocate as well.
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
    """What a board may say is read as it was meant."""
    credentials = f"{name};{session}"
    assert protocol.parse_join(credentials.encode()) == (name, session)
    assert protocol.parse_leave(credentials.encode()) == (name, session)
    report = f"{credentials};{value}".encode()
    assert protocol.parse_light(report) == (name, session, value)
    switched = f"{credentials};{value % 2}".encode()
    assert protocol.parse_switched(switched) == (name, session, value % 2)


@pytest.mark.rule("S-42")
def test_longest() -> None:
    """The longest name and session id fit; one byte more does not."""
    longest = f"{'é' * 14}x;{'1' * 17};100".encode()
    assert protocol.parse_light(longest)[-1] == 100
    with pytest.raises(Discarded, match="too_long"):
        protocol.parse_light(b"x" + longest)


@pytest.mark.rule("S-03")
@pytest.mark.parametrize("name", ["LeBron", "54", "é" * 14, "x" * 29, "a b", "😀"])
def test_name_fits(name: str) -> None:
    """The owner may give about any name."""
    assert protocol.name_fits(name)


@pytest.mark.rule("S-03")
@pytest.mark.parametrize(
    "name",
    ["", "a;b", "x" * 30, "é" * 15, "a\nb", "a\0", " a", "a ", "a\u200bb", "\ud800"],
)
def test_name_does_not_fit(name: str) -> None:
    """Some would not survive the way to the board, or could not be told apart."""
    assert not protocol.name_fits(name)


@pytest.mark.rule("S-03")
def test_default_names() -> None:
    """Names count up, with two digits at least."""
    numbers = (1, 42, 100)
    names = [protocol.default_name(number) for number in numbers]
    assert names == ["capteur01", "capteur42", "capteur100"]


@pytest.mark.rule("S-04")
@given(st.integers(0, 10**16 - 2), st.floats(-1e9, 1e12))
def test_session_ids_grow(last: int, now: float) -> None:
    """A new id is larger than the last, as a number and as a text of 17 characters."""
    new = protocol.next_session(last, now)
    assert new > last
    assert protocol.session_id(new) > protocol.session_id(last)
    assert len(protocol.session_id(new)) == protocol.SESSION_ID_BYTES


def test_session_id_is_the_time() -> None:
    """An id is the time it was given out, to the microsecond."""
    new = protocol.next_session(0, 1743946777.603371)
    assert protocol.session_id(new) == "1743946777.603371"


def test_formats() -> None:
    """What boards are told, as in the owner's document."""
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
