"""One network of boards: MQTT on one side, records on the other, files behind."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
import logging
from time import monotonic, time
from typing import Final

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady, HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util.file import WriteError

from . import protocol
from .const import CONF_PREFIX, CONFIRMATION_TIMEOUT, DOMAIN, SILENCE_LIMIT
from .protocol import Credentials, Discarded, Join, Reason
from .sessions import LED, SESSION, Board, Instant, Registry, Session
from .storage import SessionStore, ValueStore

_LOGGER = logging.getLogger(__name__)

_TICK: Final = timedelta(seconds=1)

#: Seconds after which values are written to the disk; sooner when there are some among
#: them that no board says twice.
_SAVE_VALUES: Final = 60.0
_SAVE_SWITCHED: Final = 10.0

#: Assignments under way at once. On shared topics the broker hands each one to every
#: board: what is sent meanwhile waits behind so many.
_ASSIGNMENTS_AT_ONCE: Final = 4

#: Seconds until names are written again when the disk refused them.
_RETRY_SAVE: Final = 10.0

#: Part of a network's ordinary life: not worth a warning.
_EXPECTED: Final = frozenset({Reason.OTHER_SESSION})

type NetworkConfigEntry = ConfigEntry[Network]
type BoardsListener = Callable[[list[Board]], None]


class Network:
    """The boards that share one topic prefix."""

    def __init__(self, hass: HomeAssistant, entry: NetworkConfigEntry) -> None:
        """Prepare; nothing is read or heard yet."""
        self.hass = hass
        self.entry = entry
        self.registry = Registry()
        self.discarded: Counter[Reason] = Counter()
        self._prefix: str = entry.data[CONF_PREFIX]
        self._session_store = SessionStore(hass, entry.entry_id)
        self._value_store = ValueStore(hass, entry.entry_id)
        self._saving_sessions = asyncio.Lock()
        self._values_saved_at = monotonic()
        self._boards_listeners: list[BoardsListener] = []
        self._new_boards: list[Board] = []
        # Assignments to be sent: those that are on the disk, and those that are not.
        self._saved: dict[Board, Session] = {}
        self._unsaved: dict[Board, Session] = {}
        self._answering: asyncio.Task[None] | None = None
        self._commands: Counter[Board] = Counter()

    # Life

    async def async_load(self) -> None:
        """Take up what was known before, and show the network as a device."""
        if sessions := await self._session_store.async_load():
            self.registry.restore(sessions, await self._value_store.async_load() or {})
        self.device_id = (
            dr.async_get(self.hass)
            .async_get_or_create(
                config_entry_id=self.entry.entry_id,
                identifiers={(DOMAIN, self.entry.entry_id)},
                entry_type=dr.DeviceEntryType.SERVICE,
                name=self.entry.title,
                model="ESP32 network",
            )
            .id
        )

    async def async_start(self) -> None:
        """Listen to the boards."""
        registry = self.registry
        on_unload = self.entry.async_on_unload
        on_unload(
            mqtt.async_subscribe_connection_status(self.hass, self._connection_changed)
        )
        await self._subscribe(protocol.JOIN, 2, protocol.parse_join, self._join)
        await self._subscribe(protocol.LEAVE, 2, protocol.parse_leave, registry.leave)
        for topic, qos, parse, take in (
            (protocol.LED_STATUS, 1, protocol.parse_switched, registry.led),
            (protocol.BUTTON_STATUS, 0, protocol.parse_switched, registry.button),
            (protocol.LIGHT_STATUS, 0, protocol.parse_light, registry.light),
        ):
            await self._subscribe(topic, qos, parse, take)
        on_unload(
            async_track_time_interval(
                self.hass, self._tick, _TICK, cancel_on_shutdown=True
            )
        )
        on_unload(
            self.hass.bus.async_listen_once(
                EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_final_write
            )
        )

    async def async_stop(self) -> None:
        """Write down what is not yet."""
        await self._async_save_values()

    async def _async_final_write(self, _event: Event) -> None:
        await self.async_stop()

    @callback
    def _tick(self, _now: datetime) -> None:
        """Do what time brings."""
        now = monotonic()
        self.registry.set_silent_offline(SILENCE_LIMIT, now)
        wait = _SAVE_SWITCHED if self.registry.switched else _SAVE_VALUES
        if self.registry.values_changed and now - self._values_saved_at >= wait:
            self._values_saved_at = now
            self.hass.async_create_task(self._async_save_values())

    @callback
    def _connection_changed(self, connected: bool) -> None:
        """Believe nobody to be online when the broker cannot be heard."""
        if not connected:
            self.registry.set_all_offline()

    # From the boards

    async def _subscribe[MessageT](
        self,
        topic: str,
        qos: int,
        parse: Callable[[bytes], MessageT],
        take: Callable[[MessageT, str | None, Instant], None],
    ) -> None:
        """Listen to a topic that all boards share, and to the boards' own below it."""
        receive = partial(self._receive, parse, take)
        for suffix in ("", "/+"):
            self.entry.async_on_unload(
                await mqtt.async_subscribe(
                    self.hass, f"{self._prefix}{topic}{suffix}", receive, qos, None
                )
            )

    @callback
    def _receive[MessageT](
        self,
        parse: Callable[[bytes], MessageT],
        take: Callable[[MessageT, str | None, Instant], None],
        message: mqtt.ReceiveMessage,
    ) -> None:
        """Take one message: bytes come in, one record changes, its listeners are told."""
        payload = message.payload
        # Bytes were asked for. But Home Assistant hands one copy to all who listen to a
        # topic, and its discovery, which asks for text, listens to joins as well.
        data = payload.encode() if isinstance(payload, str) else bytes(payload)
        topic_mac = None
        if message.subscribed_topic.endswith("+"):
            topic_mac = message.topic.rpartition("/")[2]
        # A retained message comes back at every start, however old it is.
        if message.retain:
            self._discard(Reason.RETAINED, message.topic, data)
            return
        try:
            take(parse(data), topic_mac, Instant(time(), monotonic()))
        except Discarded as discarded:
            self._discard(discarded.reason, message.topic, data)

    def _join(
        self, said: Join | Credentials, topic_mac: str | None, now: Instant
    ) -> None:
        """Take a message on ``state/join``."""
        if isinstance(said, Credentials):
            self.registry.start(said, topic_mac, now)
            return
        is_new = said.mac not in self.registry.boards
        board = self.registry.join(said, topic_mac, now)
        if is_new:
            if not self._new_boards:
                # Boards that join at once are shown at once.
                self.hass.loop.call_soon(self._show_new_boards)
            self._new_boards.append(board)
        self._answer(board)

    def _discard(self, reason: Reason, topic: str, payload: bytes) -> None:
        """Count a message that changes nothing; log the first of each kind."""
        self.discarded[reason] += 1
        if self.discarded[reason] == 1:
            _LOGGER.log(
                logging.DEBUG if reason in _EXPECTED else logging.WARNING,
                "Discarded a message on %s (%s): %r. More like it are only counted",
                topic,
                reason,
                payload[: protocol.PAYLOAD_BYTES],
            )

    # To the boards

    @callback
    def _answer(self, board: Board) -> None:
        """Tell a board its name and session, as soon as they are on the disk."""
        if self._saved.get(board) is not board.session:
            self._unsaved[board] = board.session
        if self._answering is None or self._answering.done():
            self._answering = self.entry.async_create_background_task(
                self.hass, self._async_answer(), f"{DOMAIN} assignments"
            )

    async def _async_answer(self) -> None:
        """Send all assignments; what comes meanwhile is written in one go."""
        while self._unsaved or self._saved:
            batch, self._unsaved = self._unsaved, {}
            try:
                await self._async_save_sessions()
            except WriteError:
                self._unsaved = batch | self._unsaved
                await asyncio.sleep(_RETRY_SAVE)
                continue
            self._saved |= batch
            sending = list(islice(self._saved.items(), _ASSIGNMENTS_AT_ONCE))
            await asyncio.gather(*(self._async_assign(*item) for item in sending))

    async def _async_assign(self, board: Board, session: Session) -> None:
        """Publish one assignment."""
        del self._saved[board]
        if session.sent_at is None:
            session.sent_at = monotonic()
        try:
            await mqtt.async_publish(
                self.hass,
                f"{self._prefix}{protocol.NAME_ASSIGN}{board.topic_suffix}",
                protocol.format_assignment(board.address, session.name, session.id),
                qos=2,
            )
        except HomeAssistantError as err:
            # The board asks again.
            _LOGGER.debug("Could not answer %s: %s", board.mac, err)

    async def async_switch_led(self, board: Board, on: bool) -> None:
        """Switch a LED; return when the board has confirmed it.

        Raises ``HomeAssistantError`` when the board is offline, leaves, or does not
        confirm within 5 s.
        """
        session = board.session
        if not board.online:
            raise self._error("board_offline", session.name)
        # A LED that is as it should be says nothing when told to be so. It is told all
        # the same, should it have changed unheard.
        silent = board.led is on and not self._commands[board]
        confirmed = self.hass.loop.create_future()

        @callback
        def told(changed: int) -> None:
            if confirmed.done():
                return
            if board.session is not session or not board.online:
                confirmed.set_result(False)
            elif changed & LED and board.led is on:
                confirmed.set_result(True)

        stop_listening = board.listen(SESSION | LED, told)
        self._commands[board] += 1
        try:
            async with asyncio.timeout(CONFIRMATION_TIMEOUT):
                await mqtt.async_publish(
                    self.hass,
                    f"{self._prefix}{protocol.LED_COMMAND}{board.topic_suffix}",
                    protocol.format_led_command(session.name, session.id, on),
                    qos=1,
                )
                if not (silent or await confirmed):
                    raise self._error("board_left", session.name)
        except TimeoutError:
            raise self._error("not_confirmed", session.name) from None
        finally:
            stop_listening()
            self._commands[board] -= 1

    @staticmethod
    def _error(key: str, name: str) -> HomeAssistantError:
        return HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={"name": name},
        )

    # To the entities

    @callback
    def async_on_boards(self, listener: BoardsListener) -> CALLBACK_TYPE:
        """Show all boards to ``listener``, now and as they come; returns how to stop."""
        listener(list(self.registry.boards.values()))
        self._boards_listeners.append(listener)
        return lambda: self._boards_listeners.remove(listener)

    @callback
    def _show_new_boards(self) -> None:
        boards, self._new_boards = self._new_boards, []
        for listener in self._boards_listeners:
            listener(boards)

    # To the disk

    async def _async_save_sessions(self) -> None:
        """Return when all names and session ids are on the disk.

        Raises ``WriteError`` when the disk refuses.
        """
        # Inside the lock: what another write has under way is not on the disk yet.
        async with self._saving_sessions:
            if not self.registry.sessions_changed:
                return
            self.registry.sessions_changed = False
            try:
                await self._session_store.async_save(self.registry.sessions_as_dict())
            except WriteError:
                self.registry.sessions_changed = True
                raise

    async def _async_save_values(self) -> None:
        """Write down what the boards have said."""
        self.registry.values_changed = self.registry.switched = False
        await self._value_store.async_save(self.registry.values_as_dict())


async def async_wait_for_mqtt(hass: HomeAssistant) -> None:
    """Return when Home Assistant's MQTT client is there; else ask to be tried later."""
    if not await mqtt.async_wait_for_mqtt_client(hass):
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="mqtt_unavailable"
        )


async def async_remove_stored(hass: HomeAssistant, entry_id: str) -> None:
    """Forget a network."""
    await SessionStore(hass, entry_id).async_remove()
    await ValueStore(hass, entry_id).async_remove()
