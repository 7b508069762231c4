"""One network of boards: its parts, their start and end, and the periodic checks."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..const import CONF_PREFIX, DOMAIN, MOST_BOARDS
from ..core.board_registry import BoardRegistry
from ..core.firmware import drop_outdated
from ..core.led_polling import leds_to_ask_for
from ..core.session_server import SessionServer
from . import clock, mqtt_link
from .board_listeners import BoardListeners
from .device_names import DeviceNames
from .devices import NetworkDevices
from .enrolment import Enrolment
from .identification import Identification
from .issues import Issues
from .joining import JoiningPermit
from .led_commands import LedCommands
from .management import BoardManagement
from .mqtt_link import MqttLink
from .options import NetworkOptions
from .publisher import Publisher
from .receiver import Receiver
from .replacing import Replacing
from .statistics import NetworkStatistics
from .storage import RegistryFiles
from .taking_over import TakingOver

_CHECK_INTERVAL: Final = timedelta(seconds=1)

type NetworkConfigEntry = ConfigEntry[Network]


class Network:
    """The boards that share one topic prefix."""

    def __init__(self, hass: HomeAssistant, entry: NetworkConfigEntry) -> None:
        """Create the parts of the network; nothing is loaded or subscribed to yet."""
        self.hass = hass
        self.entry = entry
        self.options = NetworkOptions.from_entry(entry.options)
        self.server = SessionServer(self.options.board_limit)
        self.registry = registry = self.server.registry
        registry.admission.mode = self.options.admission
        registry.name_prefix = self.options.name_prefix
        self._link = MqttLink(hass, entry, entry.data[CONF_PREFIX], clock.now)
        self._files = RegistryFiles(hass, entry.entry_id, registry)
        create_task = partial(entry.async_create_background_task, hass)
        publisher = Publisher(
            self._link,
            self._files.async_save_sessions,
            partial(create_task, name=f"{DOMAIN} assignments"),
        )
        self.devices = NetworkDevices(hass, entry, registry)
        self.boards = BoardListeners(hass, registry, self.devices)
        self._receiver = Receiver(
            hass,
            link=self._link,
            server=self.server,
            publisher=publisher,
            devices=self.devices,
            boards=self.boards,
        )
        self.joining = JoiningPermit(registry.admission)
        self.statistics = NetworkStatistics(
            registry, self._link.discarded, self.joining, self._link.is_connected
        )
        self._names = DeviceNames(hass, registry, self.devices)
        self._issues = Issues(
            hass, entry, self.server, self._names.refused, self._link.discarded
        )
        self.leds = LedCommands(
            publisher.async_send_led_command,
            self._files.async_save_leds,
            partial(create_task, name=f"{DOMAIN} LED"),
        )
        self.identification = Identification(
            self.leds,
            publisher.async_send_led_command,
            self._files.async_save_leds,
            partial(create_task, name=f"{DOMAIN} identification"),
        )
        self.management = BoardManagement(
            hass,
            server=self.server,
            files=self._files,
            publisher=publisher,
            devices=self.devices,
            boards=self.boards,
            names=self._names,
            issues=self._issues,
            identification=self.identification,
        )
        self.enrolment = Enrolment(registry.admission, self.boards)
        self.taking_over = TakingOver(
            server=self.server,
            files=self._files,
            boards=self.boards,
            issues=self._issues,
        )
        self.replacing = Replacing(
            server=self.server,
            files=self._files,
            publisher=publisher,
            devices=self.devices,
            names=self._names,
            statistics=self.statistics,
            issues=self._issues,
            identification=self.identification,
        )

    async def async_load(self) -> None:
        """Load the stored boards and create the devices."""
        await self._files.async_load()
        self.devices.async_complete_moves()
        self.registry.expect(self.devices.names_of_lost_boards())
        self.devices.async_create_all()
        self._issues.delete_old()

    async def async_start(self) -> None:
        """Subscribe to the boards and start the periodic checks."""
        on_unload = self.entry.async_on_unload
        on_unload(self.devices.async_follow_title())
        await self._receiver.async_subscribe()
        self.identification.resume(self.registry.boards.values())
        on_unload(
            async_track_time_interval(
                self.hass,
                self.async_run_checks,
                _CHECK_INTERVAL,
                cancel_on_shutdown=True,
            )
        )
        on_unload(
            self.hass.bus.async_listen_once(
                EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_final_write
            )
        )
        if self.options.device_names:
            on_unload(self._names.async_start())
        on_unload(self._issues.clear)
        on_unload(self.enrolment.async_close)
        self.async_run_checks(dt_util.utcnow())

    @callback
    def async_close(self) -> None:
        """Ignore messages from now on, also those of subscriptions that still exist."""
        self._link.closed = self.boards.paused = True

    @callback
    def async_reopen(self) -> None:
        """Handle messages again: the network could not be unloaded."""
        self._link.closed = False
        self.boards.async_resume()

    async def async_stop(self) -> None:
        """Write unsaved data to the disk."""
        await self._files.async_close()

    async def _async_final_write(self, _event: Event) -> None:
        await self.async_stop()

    @callback
    def async_run_checks(self, _now: datetime) -> None:
        """Run the periodic checks."""
        now = clock.now()
        self.server.pass_time(self.options.silence_limit, now)
        self.leds.ask_for(leds_to_ask_for(self.registry.boards.values(), now.monotonic))
        for board in drop_outdated(self.registry.boards.values(), now):
            self.devices.async_create(board)
        self.joining.update(now)
        self._names.async_retry()
        self._issues.update()
        self.statistics.async_notify_changes()
        if self._files.is_due(now.monotonic):
            self.hass.async_create_task(self._files.async_save())

    @callback
    def async_permit_joining(self) -> None:
        """Let every board join for some minutes."""
        self.joining.permit(clock.now())
        self.statistics.async_notify_changes()


async def async_wait_for_mqtt(hass: HomeAssistant) -> None:
    """Wait for Home Assistant's MQTT client.

    Raises ``ConfigEntryNotReady`` when it is not available.
    """
    if not await mqtt_link.async_wait_for_mqtt(hass):
        raise mqtt_unavailable()


def mqtt_unavailable() -> ConfigEntryNotReady:
    """Return the error of a network without MQTT; its set-up is tried again."""
    return ConfigEntryNotReady(
        translation_domain=DOMAIN, translation_key="mqtt_unavailable"
    )


async def async_remove_stored(hass: HomeAssistant, entry_id: str) -> None:
    """Remove the files of a network."""
    await RegistryFiles(hass, entry_id, BoardRegistry(MOST_BOARDS)).async_remove()
