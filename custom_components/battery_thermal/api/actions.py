"""Action `request_settings`: settings of one or several nodes."""

import asyncio
from typing import TYPE_CHECKING, Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED
from homeassistant.core import (
    CALLBACK_TYPE,
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..const import DOMAIN
from ..device.battery_node import BatteryNode
from ..lorawan.network_server import NetworkServerError
from ..model.mode import Mode
from ..protocol.delivery_update import DeliveryStage
from ..protocol.downlink import THRESHOLD_RANGE, encode_downlink
from .lookup import async_get_node, async_node_subentries
from .target import is_aimed_at_one_device, target_schema
from .target_nodes import async_target_nodes

SERVICE_REQUEST_SETTINGS: Final = "request_settings"

ATTR_FAN: Final = "fan"
ATTR_MODE: Final = "mode"
ATTR_THRESHOLD: Final = "threshold"
ATTR_WAIT: Final = "wait"

_LOW, _HIGH = THRESHOLD_RANGE

REQUEST_SETTINGS_SCHEMA = vol.All(
    target_schema(
        {
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
    """Request settings with one downlink to each node, and return the results.

    The response is the result of one device targeted by its id; otherwise `nodes` has the
    results by device id.
    """
    targets = await async_target_nodes(call, POLICY_CONTROL)
    now = dt_util.utcnow()
    for target in targets:
        if not target.node.record.delivery.within_budget(now):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="over_budget",
                translation_placeholders={
                    "node": target.node.config.name,
                    "budget": str(target.node.record.delivery.budget),
                },
            )
    results = await asyncio.gather(
        *(_async_request(call, target.node) for target in targets),
        return_exceptions=True,
    )
    failed = [
        (target.node.config.name, result)
        for target, result in zip(targets, results, strict=True)
        if isinstance(result, BaseException)
    ]
    if len(failed) > 1 and all(
        isinstance(error, HomeAssistantError) for _, error in failed
    ):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="settings_not_sent",
            translation_placeholders={
                "count": str(len(failed)),
                "all": str(len(targets)),
                "nodes": ", ".join(name for name, _ in failed),
            },
        )
    if failed:
        raise failed[0][1]
    answers = dict(
        zip(
            (target.device.id for target in targets),
            (result for result in results if isinstance(result, dict)),
            strict=True,
        )
    )
    return response_of(call, answers)


def response_of(
    call: ServiceCall, answers: dict[str, dict[str, JsonValueType]]
) -> ServiceResponse:
    """Return the response of an action, given the results by device id."""
    if is_aimed_at_one_device(call.data):
        return next(iter(answers.values()))
    return {"nodes": {**answers}}


async def _async_request(
    call: ServiceCall, node: BatteryNode
) -> dict[str, JsonValueType]:
    """Request the settings of one node, and return the result."""
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
            translation_placeholders={"node": node.config.name},
        ) from error
    if ATTR_WAIT in call.data:
        seconds = call.data[ATTR_WAIT].total_seconds()
        node = await _async_wait_until_proven(call.hass, node, seconds)
    if node.subentry_id not in async_node_subentries(call.hass):
        # The node was removed meanwhile, and nothing is sent to it any more.
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="node_removed",
            translation_placeholders={"node": node.config.name},
        )
    wanted = node.record.delivery.wanted
    if TYPE_CHECKING:
        assert wanted
    return {
        "threshold": wanted.threshold,
        "mode": wanted.mode,
        "fan": wanted.fan,
        "payload": encode_downlink(wanted).hex(),
        "stage": node.record.delivery.stage,
        "pending": node.record.delivery.pending,
    }


async def _async_wait_until_proven(
    hass: HomeAssistant, node: BatteryNode, seconds: float
) -> BatteryNode:
    """Wait until the wanted settings are proven or have failed, for so many seconds.

    Returns the object of the node then: a reload in between creates another one.
    """
    over = asyncio.Event()
    stop: CALLBACK_TYPE

    @callback
    def check(*_change: object) -> None:
        nonlocal node, stop
        newest = async_get_node(hass, node.subentry_id)
        if newest and newest is not node:
            stop()
            node = newest
            stop = node.change_listeners.add_listener(check)
        delivery = node.record.delivery
        if (
            not delivery.pending
            or delivery.stage is DeliveryStage.FAILED
            or node.subentry_id not in async_node_subentries(hass)
        ):
            over.set()

    stop = node.change_listeners.add_listener(check)
    stop_following = async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, check)
    # They may be proven already, and then nothing changes any more.
    check()
    try:
        async with asyncio.timeout(seconds):
            await over.wait()
    except TimeoutError:
        pass
    finally:
        stop()
        stop_following()
    return node
