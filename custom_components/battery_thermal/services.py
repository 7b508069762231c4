"""Actions."""

import asyncio
from typing import TYPE_CHECKING, Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    CALLBACK_TYPE,
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util

from .archive_view import async_nodes
from .battery_node import BatteryNode
from .const import DOMAIN
from .coordinator import BatteryThermalConfigEntry
from .lorawan.network_server import NetworkServerError
from .node.delivery import Stage
from .node.downlink import THRESHOLD_RANGE, encode_downlink
from .node.layout import Mode
from .permissions import async_check_caller

SERVICE_REQUEST_SETTINGS: Final = "request_settings"

ATTR_FAN: Final = "fan"
ATTR_MODE: Final = "mode"
ATTR_THRESHOLD: Final = "threshold"
ATTR_WAIT: Final = "wait"

_LOW, _HIGH = THRESHOLD_RANGE

REQUEST_SETTINGS_SCHEMA = vol.All(
    vol.Schema(
        {
            vol.Required(ATTR_DEVICE_ID): cv.string,
            vol.Optional(ATTR_THRESHOLD): vol.All(
                vol.Coerce(int), vol.Range(min=_LOW, max=_HIGH)
            ),
            vol.Optional(ATTR_MODE): vol.Coerce(Mode),
            vol.Optional(ATTR_FAN): cv.boolean,
            vol.Optional(ATTR_WAIT): cv.positive_time_period,
        }
    ),
    cv.has_at_least_one_key(ATTR_THRESHOLD, ATTR_MODE, ATTR_FAN),
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_REQUEST_SETTINGS,
        _async_request_settings,
        schema=REQUEST_SETTINGS_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_request_settings(call: ServiceCall) -> ServiceResponse:
    """Ask for settings in one downlink, at once, and say what came of it."""
    node = await async_get_node(call, POLICY_CONTROL)
    if not node.delivery.within_budget(dt_util.utcnow()):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="over_budget",
            translation_placeholders={
                "node": node.name,
                "budget": str(node.delivery.budget),
            },
        )
    node.sender.async_request(
        threshold=call.data.get(ATTR_THRESHOLD),
        mode=call.data.get(ATTR_MODE),
        fan=call.data.get(ATTR_FAN),
    )
    try:
        await node.sender.async_send()
    except NetworkServerError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=f"downlink_{error.key}",
            translation_placeholders={"node": node.name},
        ) from error
    if ATTR_WAIT in call.data:
        seconds = call.data[ATTR_WAIT].total_seconds()
        node = await _async_proven(call.hass, node, seconds)
    if node.subentry_id not in async_nodes(call.hass):
        # It was removed meanwhile, and nothing is sent to it any more.
        raise _not_a_node()
    wanted = node.wanted
    if TYPE_CHECKING:
        assert wanted
    return {
        "threshold": wanted.threshold,
        "mode": wanted.mode,
        "fan": wanted.fan,
        "payload": encode_downlink(wanted).hex(),
        "stage": node.delivery.stage,
        "pending": node.delivery.pending,
    }


async def _async_proven(
    hass: HomeAssistant, node: BatteryNode, seconds: float
) -> BatteryNode:
    """Wait until what is wanted is proven or has failed, or time is up.

    Return the record that the node has then: a reload in between brings another one.
    """
    over = asyncio.Event()
    stop: CALLBACK_TYPE

    @callback
    def _look(*_change: object) -> None:
        nonlocal node, stop
        record = _async_record(hass, node.subentry_id)
        if record and record is not node:
            stop()
            node = record
            stop = node.async_add_listener(_look)
        delivery = node.delivery
        if (
            not delivery.pending
            or delivery.stage is Stage.FAILED
            or node.subentry_id not in async_nodes(hass)
        ):
            over.set()

    stop = node.async_add_listener(_look)
    stop_following = async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, _look)
    # It may be proven already, and then nothing need ever change.
    _look()
    try:
        async with asyncio.timeout(seconds):
            await over.wait()
    except TimeoutError:
        pass
    finally:
        stop()
        stop_following()
    return node


@callback
def _async_record(hass: HomeAssistant, subentry_id: str) -> BatteryNode | None:
    """Return the record of a node; None while its application is not set up."""
    entries: list[BatteryThermalConfigEntry]
    entries = hass.config_entries.async_loaded_entries(DOMAIN)
    nodes = (node for entry in entries for node in entry.runtime_data.nodes.values())
    return next((node for node in nodes if node.subentry_id == subentry_id), None)


async def async_get_node(call: ServiceCall, policy: str) -> BatteryNode:
    """Return the node that an action is about, if who calls may do that with it."""
    entry: BatteryThermalConfigEntry
    device, entry = service.async_get_device_and_config_entry(
        call.hass, DOMAIN, call.data[ATTR_DEVICE_ID]
    )
    for node in entry.runtime_data.nodes.values():
        if (DOMAIN, node.subentry_id) in device.identifiers:
            await async_check_caller(call, node.subentry_id, policy)
            return node
    raise _not_a_node()


def _not_a_node() -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key="not_a_node"
    )
