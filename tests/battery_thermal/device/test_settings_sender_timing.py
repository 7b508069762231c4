"""Tests of the times at which settings are sent, without sockets."""

import asyncio
from typing import override

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.battery_thermal.device.node_record import (
    NodeRecord,
    SettingsEvidence,
)
from custom_components.battery_thermal.device.settings_sender import (
    MERGE,
    SettingsSender,
)
from custom_components.battery_thermal.lorawan.network_server import (
    Downlink,
    DownlinkReport,
    DownlinkStage,
    RateLimitedError,
)
from custom_components.battery_thermal.protocol.delivery_update import (
    DeliveryEvent,
    DeliveryUpdate,
)
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.battery_thermal.common import DEVICE_ID
from tests.battery_thermal.fake_server import FakeNetworkServer
from tests.battery_thermal.uplinks import config, config_entry


class Server(FakeNetworkServer):
    """A network server whose answer to a downlink may be an error, or may wait."""

    def __init__(self) -> None:
        """Initialize a server that answers at once."""
        super().__init__()
        self.errors: list[Exception] = []
        self.answers = asyncio.Event()
        self.answers.set()
        self.cancelled = False

    @override
    async def send(self, device_id: str, downlink: Downlink) -> None:
        """Accept a downlink, or raise the next error."""
        self.downlinks.append(downlink)
        try:
            await self.answers.wait()
        except asyncio.CancelledError:
            # Closing a connection takes some time.
            await asyncio.sleep(0.02)
            self.cancelled = True
            raise
        if self.errors:
            raise self.errors.pop(0)


@pytest.fixture
def server() -> Server:
    """Return a network server."""
    return Server()


@pytest.fixture
def updates() -> list[DeliveryUpdate | None]:
    """Return a list that receives the changes of the delivery."""
    return []


@pytest.fixture
def sender(
    hass: HomeAssistant, server: Server, updates: list[DeliveryUpdate | None]
) -> SettingsSender:
    """Return the sender of a node."""
    entry = config_entry()
    entry.add_to_hass(hass)
    record = NodeRecord(config(), dt_util.utcnow(), 0)
    return SettingsSender(hass, entry, server, record, updates.append)


async def hear(hass: HomeAssistant, sender: SettingsSender, uplinks: int = 1) -> None:
    """Receive uplinks that show nothing of the settings."""
    for _ in range(uplinks):
        sender.async_receive_evidence(
            SettingsEvidence(dt_util.utcnow(), mode=None, fan=False, maximum=None)
        )
        await hass.async_block_till_done(wait_background_tasks=True)


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, also for timers."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_uplink_while_changes_are_merged(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    sender: SettingsSender,
    server: Server,
) -> None:
    """An uplink does not shorten the time in which changes become one downlink."""
    sender.async_request(threshold=60)
    await hear(hass, sender, uplinks=3)
    assert server.downlinks == []
    sender.async_request(fan=True)
    await pass_time(hass, freezer, MERGE + 1)
    assert len(server.downlinks) == 1


async def test_uplink_while_the_server_asks_to_wait(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    sender: SettingsSender,
    server: Server,
) -> None:
    """An uplink does not shorten the wait that the network server has asked for."""
    server.errors = [RateLimitedError(60)]
    sender.async_request(threshold=60)
    await pass_time(hass, freezer, MERGE + 1)
    assert len(server.downlinks) == 1
    await hear(hass, sender, uplinks=9)
    assert len(server.downlinks) == 1
    await pass_time(hass, freezer, 61)
    await hear(hass, sender)
    assert len(server.downlinks) == 2


async def test_stop_waits_for_a_request(sender: SettingsSender, server: Server) -> None:
    """The stop cancels a request that was not answered, and returns when it has ended."""
    server.answers.clear()
    sender.async_request(threshold=60)
    sending = asyncio.create_task(sender.async_send())
    while not server.downlinks:
        await asyncio.sleep(0)
    assert sender.is_sending
    await sender.async_stop()
    assert server.cancelled
    await sending
    assert not sender.is_sending


async def test_nothing_is_sent_after_the_stop(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    sender: SettingsSender,
    server: Server,
) -> None:
    """Neither a request nor an uplink sends anything after the stop."""
    await sender.async_stop()
    sender.async_request(threshold=60)
    await hear(hass, sender)
    await pass_time(hass, freezer, MERGE + 1)
    assert server.downlinks == []


@pytest.mark.parametrize(
    ("error", "reported"), [(None, "unknown"), ("expired", "expired")]
)
async def test_error_of_a_failed_downlink(
    sender: SettingsSender,
    server: Server,
    updates: list[DeliveryUpdate | None],
    error: str | None,
    reported: str,
) -> None:
    """A failure has the server's error, or `unknown` if there is none."""
    sender.async_request(threshold=60)
    await sender.async_send()
    (downlink,) = server.downlinks
    sender.async_report(
        DownlinkReport(
            device_id=DEVICE_ID,
            stage=DownlinkStage.FAILED,
            correlation_ids=("other", downlink.correlation_id),
            error=error,
        )
    )
    update = updates[-1]
    assert update is not None
    assert (update.event, update.error) == (DeliveryEvent.FAILED, reported)
    await sender.async_stop()
