"""Tests of the statistics of a network."""

from collections import Counter

from custom_components.esp32_sensors.const import MOST_BOARDS
from custom_components.esp32_sensors.core.admission import Applicant
from custom_components.esp32_sensors.core.clock import Instant
from custom_components.esp32_sensors.core.protocol import Credentials, Join, Reason
from custom_components.esp32_sensors.core.session_server import SessionServer
from custom_components.esp32_sensors.hub.joining import JoiningPermit
from custom_components.esp32_sensors.hub.statistics import NetworkStatistics

MAC = "61:EC:ED:3B:25:B1"
NOW = Instant(1743946777.5, 100.0)


def test_each_number_notifies() -> None:
    """Listeners are called when one of the numbers has changed, and only then."""
    server = SessionServer(MOST_BOARDS)
    joining = JoiningPermit(server.registry.admission)
    discarded: Counter[Reason] = Counter()
    connected = [True]
    statistics = NetworkStatistics(
        server.registry, discarded, joining, lambda: connected[0]
    )
    calls: list[tuple[int, int, int]] = []

    def listener() -> None:
        calls.append(
            (statistics.boards_known, statistics.boards_online, discarded.total())
        )

    unsubscribe = statistics.async_listen(listener)
    statistics.async_notify_changes()
    statistics.async_notify_changes()
    assert calls == [(0, 0, 0)]
    board = server.join(Join(MAC), None, NOW)
    statistics.async_notify_changes()
    server.start(Credentials(board.session.name, board.session.id), None, NOW)
    statistics.async_notify_changes()
    # A discarded message alone.
    discarded[Reason.MALFORMED] += 1
    statistics.async_notify_changes()
    joining.permit(NOW)
    statistics.async_notify_changes()
    assert calls[1:] == [(1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 1, 1)]
    connected[0] = False
    statistics.async_notify_changes()
    server.registry.admission.waiting[MAC] = Applicant(MAC, directed=False)
    statistics.async_notify_changes()
    assert (len(calls), statistics.connected, statistics.waiting) == (7, False, (MAC,))
    unsubscribe()
    discarded[Reason.MALFORMED] += 1
    statistics.async_notify_changes()
    assert len(calls) == 7


def test_a_board_in_place_of_another() -> None:
    """One board is removed and another one joins: their number is the same."""
    server = SessionServer(MOST_BOARDS)
    joining = JoiningPermit(server.registry.admission)
    statistics = NetworkStatistics(server.registry, Counter(), joining, lambda: True)
    removed = server.join(Join(MAC), None, NOW)
    statistics.async_notify_changes()
    calls: list[int] = []
    statistics.async_listen(lambda: calls.append(statistics.boards_known))
    server.forget(removed)
    server.join(Join("61:EC:ED:3B:25:B2"), None, NOW)
    statistics.async_notify_changes()
    assert calls == [1]
