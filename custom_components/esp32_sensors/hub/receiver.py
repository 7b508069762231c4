"""Messages from the boards: subscriptions, and what each message leads to."""

from functools import partial

from homeassistant.core import HomeAssistant

from ..core import protocol
from ..core.clock import Instant
from ..core.firmware import INFO, Info, parse_info
from ..core.protocol import Credentials, Discarded, Join
from ..core.readings import KINDS
from ..core.session_server import SessionServer
from .board_listeners import BoardListeners
from .devices import NetworkDevices
from .mqtt_link import MqttLink
from .publisher import Publisher
from .wills import ends_current_session, is_of_another_network


class Receiver:
    """Receives the messages of the boards of a network."""

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        link: MqttLink,
        server: SessionServer,
        publisher: Publisher,
        devices: NetworkDevices,
        boards: BoardListeners,
    ) -> None:
        """Initialize without subscriptions."""
        self._hass = hass
        self._link = link
        self._server = server
        self._publisher = publisher
        self._devices = devices
        self._boards = boards

    async def async_subscribe(self) -> None:
        """Subscribe to all topics of the network."""
        link, server = self._link, self._server
        link.async_on_connection(self._connection_changed)
        await link.async_subscribe(protocol.JOIN, 2, protocol.parse_join, self._join)
        await link.async_subscribe(protocol.LEAVE, 2, protocol.parse_leave, self._leave)
        # Assignments of another server. Those of this one are received too: a broker
        # does not leave out the publisher.
        await link.async_subscribe(
            protocol.NAME_ASSIGN, 0, protocol.parse_assignment, server.assignment
        )
        if link.prefix:
            await link.async_subscribe_without_prefix(
                protocol.LEAVE,
                2,
                protocol.parse_leave,
                self._leave,
                partial(ends_current_session, server),
            )
        await link.async_subscribe(INFO, 0, parse_info, self._info)
        for kind in KINDS:
            await link.async_subscribe(
                kind.topic,
                kind.qos,
                partial(protocol.parse_report, kind.largest),
                partial(server.report, kind),
            )

    def _connection_changed(self, connected: bool) -> None:
        """Mark all boards offline when the connection with the broker was lost."""
        if not connected:
            self._server.set_all_offline()

    def _join(
        self, message: Join | Credentials, topic_mac: str | None, now: Instant
    ) -> None:
        """Handle a message on ``state/join``."""
        server = self._server
        if isinstance(message, Credentials):
            server.start(message, topic_mac, now)
            return
        if message.mac in self._devices.being_deleted:
            # The board joins again.
            return
        known = server.registry.boards.get(message.mac)
        name = known and known.session.name
        board = server.join(message, topic_mac, now)
        if known is None:
            self._boards.async_announce(board)
        elif board.session.name != name:
            self._devices.async_create(board)
        self._publisher.assign(board)

    def _info(self, info: Info, topic_mac: str | None, now: Instant) -> None:
        """Handle a message on ``state/info``."""
        if (board := self._server.info(info, topic_mac, now)) is not None:
            self._devices.async_create(board)

    def _leave(self, who: Credentials, topic_mac: str | None, now: Instant) -> None:
        """Handle a message on ``state/leave``."""
        try:
            self._server.leave(who, topic_mac, now)
        except Discarded:
            # A network without prefix also receives last wills of other networks.
            if topic_mac is not None or not is_of_another_network(self._hass, who):
                raise
