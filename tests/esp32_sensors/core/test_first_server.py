"""Records of the first server: which cells of its database are accepted."""

from datetime import UTC, datetime

from hypothesis import given, strategies as st
import pytest

from custom_components.esp32_sensors.core.first_server import (
    Cell,
    parse_board,
    parse_reading,
    parse_time,
    session_microsecond,
    session_values,
)
from custom_components.esp32_sensors.core.readings import BUTTON, LED, LIGHT, newest

UTC_NOW = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
TIME = b"2025-04-06 13:39:37"
GOOD: tuple[Cell, ...] = (
    1,
    b"LeBron",
    b"24:6f:28:AA:bb:01",
    TIME,
    b"2025-04-06 14:00:00.500000",
    b"1743946777.603371",
)

cells = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.binary(max_size=60),
    st.sampled_from(GOOD),
    st.text(max_size=40).map(str.encode),
)


def test_a_board() -> None:
    """All cells are taken as the first server means them."""
    board = parse_board(GOOD, ((), (), ()), UTC_NOW)
    assert board is not None
    assert (board.address, board.mac) == ("24:6f:28:AA:bb:01", "24:6F:28:AA:BB:01")
    assert (board.name, board.session_id) == ("LeBron", "1743946777.603371")
    assert board.joined_at == datetime(2025, 4, 6, 13, 39, 37, tzinfo=UTC).timestamp()
    assert board.last_seen == board.joined_at + 20 * 60 + 23.5


@pytest.mark.parametrize(
    ("place", "cell", "field", "expected"),
    [
        # Without a name a board is called by the number of its row.
        (1, None, "name", "1"),
        (1, b" Le  Bron ", "name", "Le Bron"),
        (1, b"", "name", None),
        (1, b"a;b", "name", None),
        (1, b"x" * 30, "name", None),
        (1, b"\xff", "name", None),
        (1, 7, "name", None),
        (1, "\u202e".encode(), "name", None),
        (3, b"2025-04-06", "joined_at", datetime(2025, 4, 6, tzinfo=UTC).timestamp()),
        # Without a time of joining, when it was last seen; without both, now.
        (
            3,
            b"soon",
            "joined_at",
            datetime(2025, 4, 6, 14, 0, 0, 500_000, UTC).timestamp(),
        ),
        (4, b"1970-01-01 00:00:00", "last_seen", None),
        (4, b"2026-01-03 00:00:00", "last_seen", None),
        (4, b"2025-04-06 14:00:00+02:00", "last_seen", None),
        (4, 1743946777, "last_seen", None),
        (5, b"1743946777", "session_id", "1743946777"),
        (5, b"9999999999.000000", "session_id", None),
        (5, b"1743946777.12345678", "session_id", None),
        (5, b"abc", "session_id", None),
        (5, None, "session_id", None),
    ],
)
def test_cells(place: int, cell: Cell, field: str, expected: object) -> None:
    """A cell that cannot be right is left out, and the board stays."""
    row = (*GOOD[:place], cell, *GOOD[place + 1 :])
    board = parse_board(row, ((), (), ()), UTC_NOW)
    assert board is not None
    assert getattr(board, field) == expected


def test_without_any_time() -> None:
    """A board of which no time is known joined now."""
    board = parse_board((*GOOD[:3], None, None, GOOD[5]), ((), (), ()), UTC_NOW)
    assert board is not None
    assert (board.joined_at, board.last_seen) == (UTC_NOW, None)


@pytest.mark.parametrize("mac", [None, 1, b"", b"61:EC", b"a;b", b"\xff" * 17, GOOD[5]])
def test_without_a_mac(mac: Cell) -> None:
    """A row without a MAC is no board."""
    assert parse_board((*GOOD[:2], mac, *GOOD[3:]), ((), (), ()), UTC_NOW) is None


@given(st.tuples(cells, cells, cells, cells, cells, cells))
def test_any_row(row: tuple[Cell, ...]) -> None:
    """Whatever a row has in it, a board is one that the network can have."""
    board = parse_board(row, ((), (), ()), UTC_NOW)
    if board is None:
        return
    assert len(board.mac) == 17
    assert board.joined_at <= UTC_NOW + 86_400
    if board.session_id is not None:
        assert len(board.session_id) <= 18
        assert session_microsecond(board.session_id) < (UTC_NOW + 86_401) * 10**6
    if board.name is not None:
        assert 0 < len(board.name.encode()) <= 29
        assert ";" not in board.name


def test_readings() -> None:
    """A reading has a time and a value of its kind."""
    time = parse_time(TIME, UTC_NOW)
    assert parse_reading(LED, TIME, 1, UTC_NOW) == (time, 1)
    assert parse_reading(LIGHT, TIME, 100, UTC_NOW) == (time, 100)
    for kind, date, status in (
        (LED, TIME, 2),
        (BUTTON, TIME, -1),
        (LIGHT, TIME, 101),
        (LIGHT, TIME, 5.5),
        (LIGHT, TIME, b"5"),
        (LIGHT, TIME, None),
        (LIGHT, b"", 5),
    ):
        assert parse_reading(kind, date, status, UTC_NOW) is None
    assert newest([(float(n % 12), n % 12) for n in range(30)]) == tuple(
        (float(n), n) for n in range(2, 12)
    )


def test_values_of_the_session() -> None:
    """A value counts if it came in the session, whose times are whole seconds."""
    readings = ((1743946777.0, 1),), ((1743946776.0, 1),), ()
    board = parse_board(GOOD, readings, UTC_NOW)
    assert board is not None
    assert session_values(board) == (1, None, None)
    board = parse_board((*GOOD[:5], None), readings, UTC_NOW)
    assert board is not None
    assert session_values(board) == (None, None, None)


def test_microseconds_of_a_session() -> None:
    """A session id with seven decimals is rounded up, so that a later one is larger."""
    assert session_microsecond("1743946777") == 1743946777_000000
    assert session_microsecond("1743946777.6") == 1743946777_600000
    assert session_microsecond("1743946777.6033714") == 1743946777_603372
