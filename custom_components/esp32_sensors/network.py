"""One network of boards: MQTT on one side, records on the other, files behind."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
import logging
import re
from time import monotonic, time
from typing import Final

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import (
    ConfigEntryNotReady,
    HomeAssistantError,
    ServiceValidationError,
)
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError

from . import protocol
from .admission import Mode
from .assignments import AT_ONCE_DIRECTED, AT_ONCE_SHARED, Assignments
from .boards import Board, Session
from .commands import LedCommands
from .const import (
    CONF_ADMISSION,
    CONF_BOARD_LIMIT,
    CONF_DEVICE_NAMES,
    CONF_LIGHT_CHANGE,
    CONF_LIGHT_SILENCE,
    CONF_PREFIX,
    CONF_SILENCE_LIMIT,
    DEFAULT_BOARD_LIMIT,
    DEFAULT_SILENCE_LIMIT,
    DOMAIN,
    PERMIT_JOINING,
)
from .issues import Issues
from .names import DeviceNames
from .protocol import Credentials, Discarded, Join, Reason
from .sessions import Instant, NameRefused, Registry
from .storage import RegistryFiles

_LOGGER = logging.getLogger(__name__)

_TICK: Final = timedelta(seconds=1)

#: Part of a network's ordinary life: not worth a warning.
_EXPECTED: Final = frozenset(
    {Reason.OTHER_SESSION, Reason.NOT_ADMITTED, Reason.REFUSED}
)

#: Of a payload, a part behind the first that may be a session id: of 17 characters, and
#: no value has more than three.
_SECRET: Final = re.compile(b";[^;]{9,}")

type NetworkConfigEntry = ConfigEntry[Network]
type BoardsListener = Callable[[list[Board]], None]


class Network:
    """The boards that share one topic prefix."""

    def __init__(self, hass: HomeAssistant, entry: NetworkConfigEntry) -> None:
        """Prepare; nothing is read or heard yet."""
        self.hass = hass
        self.entry = entry
        options = entry.options
        self.registry = Registry(options.get(CONF_BOARD_LIMIT, DEFAULT_BOARD_LIMIT))
        self.registry.admission.mode = Mode(options.get(CONF_ADMISSION, Mode.OPEN))
        self.discarded: Counter[Reason] = Counter()
        self.refused_names: dict[str, tuple[str, str]] = {}
        """MACs of boards that cannot be named as their devices, the name and why."""
        self.joining_until: datetime | None = None
        """Until when the owner lets every board join."""
        self._prefix: str = entry.data[CONF_PREFIX]
        self._silence_limit: float = options.get(
            CONF_SILENCE_LIMIT, DEFAULT_SILENCE_LIMIT
        )
        self.light_change: float = options.get(CONF_LIGHT_CHANGE, 0)
        """The smallest change of light, in percent, that is written as a state."""
        self.light_silence: float = options.get(CONF_LIGHT_SILENCE, 0)
        """Seconds after which any change is written; 0 stands for never."""
        self._files = RegistryFiles(hass, entry.entry_id, self.registry)
        self._boards_listeners: list[BoardsListener] = []
        self._new_boards: list[Board] = []
        self._figures_listeners: list[CALLBACK_TYPE] = []
        self._figures: tuple[object, ...] = ()
        self._closed = False
        self._leaving: set[str] = set()
        """MACs of boards whose devices are being deleted."""
        self._logged: set[Reason] = set()
        self._names: DeviceNames | None = None
        self._issues = Issues(self)
        self._assignments = {
            directed: Assignments(
                self._files.async_save_sessions,
                self._async_assign,
                partial(
                    entry.async_create_background_task,
                    hass,
                    name=f"{DOMAIN} assignments",
                ),
                at_once,
            )
            for directed, at_once in (
                (False, AT_ONCE_SHARED),
                (True, AT_ONCE_DIRECTED),
            )
        }
        """By whether boards are told on topics of their own."""
        self.leds = LedCommands(
            self._async_send_command,
            self._files.async_save_leds,
            partial(entry.async_create_background_task, hass, name=f"{DOMAIN} LED"),
        )

    # Life

    async def async_load(self) -> None:
        """Take up what was known before, and show the network as a device."""
        await self._files.async_load()
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
        for board in self.registry.boards.values():
            self._show_device(board)

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

        if self.entry.options.get(CONF_DEVICE_NAMES, False):
            self._names = DeviceNames(self)
            on_unload(self._names.async_start())
        on_unload(self._issues.clear)
        self._tick(dt_util.utcnow())

    @callback
    def close(self) -> None:
        """Hear nothing any more, whatever is still subscribed.

        When Home Assistant's MQTT integration is reloaded, it takes subscriptions along
        to a new client, of which what it gave us to unsubscribe knows nothing.
        """
        self._closed = True

    @callback
    def reopen(self) -> None:
        """Hear the boards again: the network could not be unloaded."""
        self._closed = False
        self._show_new_boards()

    async def async_stop(self) -> None:
        """Write down what is not yet."""
        await self._files.async_save()

    async def _async_final_write(self, _event: Event) -> None:
        await self.async_stop()

    @callback
    def _tick(self, _now: datetime) -> None:
        """Do what time brings."""
        now = Instant(time(), monotonic())
        self.registry.pass_time(self._silence_limit, now)
        self.leds.ask_for(self.registry.leds_to_ask_for(now.monotonic))
        if self.joining_until and now.utc >= self.joining_until.timestamp():
            self.joining_until = None
        if self._names is not None:
            self._names.async_retry()
        self._issues.update()
        self._tell_figures()
        if self._files.is_due(now.monotonic):
            self.hass.async_create_task(self._files.async_save())

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
        for directed, suffix in ((False, ""), (True, "/+")):
            receive = partial(self._receive, parse, take, directed)
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
        directed: bool,
        message: mqtt.ReceiveMessage,
    ) -> None:
        """Take one message: bytes come in, one record changes, its listeners are told."""
        if self._closed:
            return
        # One byte more than can be understood tells that it is too long: what a message
        # costs does not grow with it.
        payload = message.payload[: protocol.PAYLOAD_BYTES + 1]
        # Bytes were asked for. But Home Assistant hands one copy to all who listen to a
        # topic, and its discovery, which asks for text, listens to joins as well.
        data = payload.encode() if isinstance(payload, str) else bytes(payload)
        topic_mac = message.topic.rpartition("/")[2] if directed else None
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
        if said.mac in self._leaving:
            # It asks again.
            return
        known = self.registry.boards.get(said.mac)
        name = known and known.session.name
        board = self.registry.join(said, topic_mac, now)
        if known is None:
            self._show(board)
        elif board.session.name != name:
            self._show_device(board)
        self._assignments[board.directed].add(board)

    def _discard(self, reason: Reason, topic: str, payload: bytes) -> None:
        """Count a message that changes nothing; log the first of each kind."""
        self.discarded[reason] += 1
        level = logging.DEBUG if reason in _EXPECTED else logging.WARNING
        # The first that can be seen: who wants to see more sees it from then on.
        if reason not in self._logged and _LOGGER.isEnabledFor(level):
            self._logged.add(reason)
            _LOGGER.log(
                level,
                "Discarded a message on %.100r (%s): %r. More like it are only counted",
                topic,
                reason,
                # The session id of a board is nobody's business.
                _SECRET.sub(b";...", payload),
            )

    # To the boards

    async def _async_assign(self, board: Board, session: Session) -> None:
        """Publish one assignment."""
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

    async def _async_send_command(self, board: Board, on: bool) -> None:
        """Publish a LED command."""
        session = board.session
        await mqtt.async_publish(
            self.hass,
            f"{self._prefix}{protocol.LED_COMMAND}{board.topic_suffix}",
            protocol.format_led_command(session.name, session.id, on),
            qos=1,
        )

    # From the owner

    @callback
    def async_permit_joining(self) -> None:
        """Let every board join for some minutes."""
        self.registry.admission.open_until = monotonic() + PERMIT_JOINING
        self.joining_until = dt_util.utcnow() + timedelta(seconds=PERMIT_JOINING)
        self._tell_figures()

    async def async_accept(self, mac: str) -> None:
        """Let in a board that waits, or was refused; it is told at once.

        Raises ``ServiceValidationError`` when there are as many boards as there may be.
        """
        try:
            board = self.registry.accept(mac, Instant(time(), monotonic()))
        except Discarded:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="too_many_boards",
                translation_placeholders={"limit": str(len(self.registry.boards))},
            ) from None
        if board is not None:
            self._show(board)
            self._assignments[board.directed].add(board)
            self._issues.update()
            await self._save()

    async def async_refuse(self, mac: str) -> None:
        """Turn away a board that waits, for good."""
        self.registry.refuse(mac)
        self._issues.update()
        await self._save()

    async def async_allow_shared(self, mac: str) -> None:
        """Let a board of its own topics back to the shared ones, when it asks again."""
        self.registry.allow_shared(mac)
        self._issues.update()
        await self._save()

    async def async_rename(self, board: Board, name: str) -> None:
        """Give a board another name, from its next session on.

        Raises ``ServiceValidationError`` when it cannot have this name.
        """
        try:
            self.registry.rename(board, name)
        except NameRefused as refused:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=f"name_{refused.reason}",
                translation_placeholders={"name": name},
            ) from None
        await self._save()

    async def async_forget(self, board: Board, device: dr.DeviceEntry) -> None:
        """Remove a board and its device; should it come again, it is new."""
        dr.async_get(self.hass).async_remove_device(device.id)
        self.registry.forget(board)
        self.refused_names.pop(board.mac, None)
        for assignments in self._assignments.values():
            assignments.drop(board)
        self._issues.update()
        # While the disk is written it may join. It would have the same device again, and
        # Home Assistant, which asked for this, deletes that device when it is done.
        self._leaving.add(board.mac)
        try:
            await self._save()
        finally:
            self.hass.loop.call_soon(self._leaving.discard, board.mac)

    async def _save(self) -> None:
        """Return when what the owner decided is on the disk.

        Raises ``HomeAssistantError`` when the disk refuses. What was decided counts all
        the same, and is written as soon as that is possible.
        """
        try:
            await self._files.async_save_sessions()
        except WriteError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="not_saved"
            ) from err

    # To the entities

    @callback
    def async_on_boards(self, listener: BoardsListener) -> CALLBACK_TYPE:
        """Show all boards to ``listener``, now and as they come; returns how to stop."""
        listener(list(self.registry.boards.values()))
        self._boards_listeners.append(listener)
        return lambda: self._boards_listeners.remove(listener)

    def _show(self, board: Board) -> None:
        """Show a new board; those that come at once are shown at once."""
        if not self._new_boards:
            self.hass.loop.call_soon(self._show_new_boards)
        self._new_boards.append(board)

    @callback
    def _show_new_boards(self) -> None:
        if self._closed:
            return
        boards, self._new_boards = self._new_boards, []
        for board in boards:
            self._show_device(board)
        for listener in self._boards_listeners:
            listener(boards)

    def _show_device(self, board: Board) -> None:
        """Show a board as a device, by the name it has now."""
        dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.entry.entry_id,
            identifiers={(DOMAIN, board.mac)},
            connections={(dr.CONNECTION_NETWORK_MAC, board.mac)},
            name=board.session.name,
            manufacturer="Espressif",
            model="ESP32",
            via_device_id=self.device_id,
        )

    def device_of(self, board: Board) -> dr.DeviceEntry | None:
        """Return the device that stands for a board; None when it was deleted."""
        return dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, board.mac), self.entry.entry_id
        )

    def board_of(self, device: dr.DeviceEntry) -> Board | None:
        """Return the board that a device of this network stands for."""
        for domain, mac in device.identifiers:
            if domain == DOMAIN and mac in self.registry.boards:
                return self.registry.boards[mac]
        return None

    @property
    def boards_online(self) -> int:
        """How many boards are there."""
        return sum(board.online for board in self.registry.boards.values())

    @callback
    def async_on_figures(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Tell ``listener``, at most once a second, when a figure of the network changes.

        Returns how to stop.
        """
        self._figures_listeners.append(listener)
        return lambda: self._figures_listeners.remove(listener)

    def _tell_figures(self) -> None:
        figures = (
            self.boards_online,
            len(self.registry.boards),
            self.discarded.total(),
            self.joining_until,
        )
        if figures != self._figures:
            self._figures = figures
            for listener in self._figures_listeners:
                listener()


async def async_wait_for_mqtt(hass: HomeAssistant) -> None:
    """Return when Home Assistant's MQTT client is there; else ask to be tried later."""
    if not await mqtt.async_wait_for_mqtt_client(hass):
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="mqtt_unavailable"
        )


async def async_remove_stored(hass: HomeAssistant, entry_id: str) -> None:
    """Forget a network."""
    await RegistryFiles(hass, entry_id, Registry()).async_remove()
