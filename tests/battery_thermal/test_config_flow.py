"""Setting up an application and its nodes, as a person does."""

from pathlib import Path
import ssl
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal import server
from custom_components.battery_thermal.lorawan.the_things_stack import Application
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator.the_things_stack import (
    ALL_RIGHTS,
    MQTT_PAGE_RIGHTS,
    Device,
    HttpFault,
    Right,
    TheThingsStack,
)

from .certificates import self_signed
from .common import DEVICE_ID, DOMAIN, KEY, entry_data
from .world import World


async def start(hass: HomeAssistant, menu_option: str) -> str:
    """Open the flow, choose a network, and return the flow's id."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["ttn", "own"]
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": menu_option}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == menu_option
    assert not result["errors"]
    return result["flow_id"]


async def finish(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Take down what a flow has set up."""
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("rights", [ALL_RIGHTS, MQTT_PAGE_RIGHTS])
async def test_application_then_node(
    hass: HomeAssistant,
    stack: TheThingsStack,
    device: Device,
    rights: frozenset[Right],
) -> None:
    """The application is set up, and the flow goes on with its first node."""
    stack.add_key(KEY, rights)
    flow_id = await start(hass, "own")

    # What people paste has spaces around it.
    data = entry_data(stack)
    result = await hass.config_entries.flow.async_configure(
        flow_id, data | {"application": f" {stack.uid} ", "api_key": f"{KEY}\n"}
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.title == stack.uid
    assert entry.data == data
    assert entry.state is ConfigEntryState.LOADED

    node_flow = result["next_flow"][1]
    result = await hass.config_entries.subentries.async_configure(node_flow)
    options = result["data_schema"].schema["device_id"].config["options"]
    offered = [{"value": DEVICE_ID, "label": "Garage"}]
    assert options == (offered if rights == ALL_RIGHTS else [])
    result = await hass.config_entries.subentries.async_configure(
        node_flow, {"device_id": DEVICE_ID, "layout": "slow_32"}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()

    (node,) = entry.subentries.values()
    assert node.title == ("Garage" if rights == ALL_RIGHTS else DEVICE_ID)
    assert node.data == {"device_id": DEVICE_ID, "layout": "slow_32"}
    assert hass.states.async_entity_ids("camera")
    await finish(hass, entry)


def wrong_key(stack: TheThingsStack) -> None:
    """Let the key be none of the application's."""
    stack.revoke_key(KEY)


def cannot_read(stack: TheThingsStack) -> None:
    """Let the key connect and subscribe, and hear nothing."""
    stack.add_key(KEY, {Right.INFO, Right.TRAFFIC_DOWN_WRITE})


def cannot_read_nor_ask(stack: TheThingsStack) -> None:
    """Let the key not even ask for its rights."""
    stack.add_key(KEY, {Right.TRAFFIC_DOWN_WRITE})
    stack.faults.http.append(HttpFault(403))


def foreign_application(stack: TheThingsStack) -> None:
    """Let the key connect, and not subscribe here."""
    stack.faults.suback_failure = True


def rate_limited(stack: TheThingsStack) -> None:
    """Too many connections."""
    stack.faults.connack = 3


def rate_limited_http(stack: TheThingsStack) -> None:
    """Too many requests."""
    stack.faults.http.append(HttpFault(429, retry_after=30))


def server_error(stack: TheThingsStack) -> None:
    """Break the server down."""
    stack.faults.http.append(HttpFault(500))


def no_json(stack: TheThingsStack) -> None:
    """Have a web server that is no The Things Stack."""
    stack.faults.http.append(HttpFault(200, body=b"<html>"))


def broken_http(stack: TheThingsStack) -> None:
    """No HTTP request gets an answer."""
    stack.faults.http.extend([HttpFault(0)] * 4)


def refused(stack: TheThingsStack) -> None:
    """Let the server refuse for a reason of its own."""
    stack.faults.connack = 6


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (wrong_key, "invalid_key"),
        (cannot_read, "no_rights"),
        (cannot_read_nor_ask, "no_rights"),
        (foreign_application, "foreign_application"),
        (rate_limited, "rate_limited"),
        (rate_limited_http, "rate_limited"),
        (server_error, "server_error"),
        (no_json, "server_error"),
        (broken_http, "cannot_connect"),
        (refused, "cannot_connect"),
    ],
)
async def test_refused_and_mended(
    hass: HomeAssistant, stack: TheThingsStack, fault: Any, error: str
) -> None:
    """What is wrong is said, and the form can be sent again."""
    flow_id = await start(hass, "own")
    fault(stack)

    result = await hass.config_entries.flow.async_configure(flow_id, entry_data(stack))

    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": error}

    stack.add_key(KEY)
    stack.faults.connack = None
    stack.faults.suback_failure = False
    stack.faults.http.clear()
    result = await hass.config_entries.flow.async_configure(flow_id, entry_data(stack))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await finish(hass, result["result"])


async def test_key_may_not_ask_for_its_rights(
    hass: HomeAssistant, stack: TheThingsStack, device: Device
) -> None:
    """Then the right to read is proven by reading."""
    flow_id = await start(hass, "own")
    stack.faults.http.append(HttpFault(403))
    stack.add_device("battery-thermal-check")

    result = await hass.config_entries.flow.async_configure(flow_id, entry_data(stack))

    assert result["type"] is FlowResultType.CREATE_ENTRY
    await finish(hass, result["result"])


async def test_nobody_there(hass: HomeAssistant) -> None:
    """The server is not reached."""
    async with TheThingsStack() as stack:
        data = entry_data(stack)
    flow_id = await start(hass, "own")

    result = await hass.config_entries.flow.async_configure(flow_id, data)

    assert result["errors"] == {"base": "cannot_connect"}


@pytest.mark.parametrize(
    "host",
    [
        "my server",
        "127.0.0.1:8885",
        "eu1..example.org",
        ".example.org",
        f"{'a' * 64}.example.org",
        "",
        "a\0b",
    ],
)
async def test_no_name_of_a_server(
    hass: HomeAssistant, stack: TheThingsStack, host: str
) -> None:
    """What is no name is said to be none; the address of its pages is taken for it."""
    flow_id = await start(hass, "own")
    result = await hass.config_entries.flow.async_configure(
        flow_id, entry_data(stack) | {"host": host}
    )
    assert result["errors"] == {"base": "invalid_host"}

    result = await hass.config_entries.flow.async_configure(
        flow_id, entry_data(stack) | {"host": "https://127.0.0.1/"}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["host"] == "127.0.0.1"
    await finish(hass, result["result"])


async def test_certificate_not_trusted(hass: HomeAssistant, tmp_path: Path) -> None:
    """The server shows a certificate that nobody has signed."""
    context, _pem = self_signed(tmp_path)
    # Of the handshakes that fail, the stand-in's side complains.
    hass.loop.set_exception_handler(lambda loop, context: None)
    async with TheThingsStack(tls=context) as stack:
        stack.add_key(KEY)
        flow_id = await start(hass, "own")
        result = await hass.config_entries.flow.async_configure(
            flow_id, entry_data(stack) | {"tls": True}
        )

    assert result["errors"] == {"base": "tls_failed"}


async def test_certificate_of_ones_own(hass: HomeAssistant, tmp_path: Path) -> None:
    """A server's certificate is trusted if its authority's is given."""
    context, pem = self_signed(tmp_path)
    async with TheThingsStack(tls=context) as stack:
        stack.add_key(KEY)
        flow_id = await start(hass, "own")
        data = entry_data(stack) | {"tls": True, "ca_certificate": "nonsense"}
        result = await hass.config_entries.flow.async_configure(flow_id, data)
        assert result["errors"] == {"base": "invalid_ca"}

        result = await hass.config_entries.flow.async_configure(
            flow_id, data | {"ca_certificate": pem}
        )

        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert result["result"].state is ConfigEntryState.LOADED
        await finish(hass, result["result"])


async def test_http_certificate_not_trusted(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    """One port may show another certificate than the other."""
    trusted, pem = self_signed(tmp_path)
    untrusted, _pem = self_signed(tmp_path)
    hass.loop.set_exception_handler(lambda loop, context: None)
    async with TheThingsStack(tls=trusted) as one, TheThingsStack(tls=untrusted) as two:
        one.add_key(KEY)
        flow_id = await start(hass, "own")
        result = await hass.config_entries.flow.async_configure(
            flow_id,
            entry_data(one)
            | {"tls": True, "ca_certificate": pem, "http_port": two.http_port},
        )

    assert result["errors"] == {"base": "tls_failed"}


async def test_certificate_spoilt(
    hass: HomeAssistant, stack: TheThingsStack, entry: MockConfigEntry
) -> None:
    """A certificate that cannot be read keeps the entry from being set up."""
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "tls": True, "ca_certificate": "nonsense"}
    )

    await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "invalid_ca"


async def test_same_application_twice(
    hass: HomeAssistant, stack: TheThingsStack, entry: MockConfigEntry
) -> None:
    """One entry for an application is enough."""
    flow_id = await start(hass, "own")

    result = await hass.config_entries.flow.async_configure(flow_id, entry_data(stack))

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_the_things_network(
    hass: HomeAssistant, stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the public network, cluster, application and key are enough."""
    asked_for = []

    def here(**asked: Any) -> Application:
        """Take the stand-in for the public network."""
        asked_for.append(asked)
        ports = {"mqtt_port": stack.mqtt_port, "http_port": stack.http_port}
        return Application(**asked | {"host": "127.0.0.1", "tls": None} | ports)

    monkeypatch.setattr(server, "Application", here)
    flow_id = await start(hass, "ttn")
    user_input = {"cluster": "nam1", "application": stack.uid, "api_key": "wrong"}
    result = await hass.config_entries.flow.async_configure(flow_id, user_input)
    assert result["step_id"] == "ttn"
    assert result["errors"] == {"base": "invalid_key"}

    result = await hass.config_entries.flow.async_configure(
        flow_id, user_input | {"api_key": KEY}
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {
        "host": "nam1.cloud.thethings.network",
        "tls": True,
        "mqtt_port": 8883,
        "http_port": 443,
        "application": "batteries@ttn",
        "api_key": KEY,
    }
    assert asked_for[0]["tls"].verify_mode is ssl.CERT_REQUIRED
    await finish(hass, result["result"])


async def test_reconfigure(
    hass: HomeAssistant, stack: TheThingsStack, setup: MockConfigEntry
) -> None:
    """The server, the application and the key can be changed; nodes stay."""
    async with TheThingsStack("other") as other:
        other.add_key("NEW")
        result = await setup.start_reconfigure_flow(hass)
        suggested = {
            str(key): key.description["suggested_value"]
            for key in result["data_schema"].schema
            if key.description
        }
        data = entry_data(stack)
        del data["api_key"]
        assert suggested == data

        data = entry_data(other, "OLD")
        result = await hass.config_entries.flow.async_configure(result["flow_id"], data)
        assert result["errors"] == {"base": "invalid_key"}
        data = entry_data(other, "NEW")
        result = await hass.config_entries.flow.async_configure(result["flow_id"], data)

        assert result["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        assert setup.data == data
        assert setup.title == "other@ttn"
        assert setup.state is ConfigEntryState.LOADED
        assert len(other.mqtt.connections) == 1
        assert not stack.mqtt.connections
        assert len(setup.subentries) == 1
        await finish(hass, setup)


@pytest.mark.parametrize("title", ["batteries@ttn", "At home"])
async def test_wrong_key_at_start(
    hass: HomeAssistant,
    stack: TheThingsStack,
    entry: MockConfigEntry,
    device: Device,
    title: str,
) -> None:
    """A key that no longer works is asked for again; the new one is tested.

    The application is called what it was called, whoever has named it.
    """
    hass.config_entries.async_update_entry(entry, title=title)
    stack.revoke_key(KEY)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "reauth_confirm"

    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"api_key": "guess"}
    )
    assert result["errors"] == {"base": "invalid_key"}
    stack.add_key("NEW")
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"api_key": "NEW"}
    )

    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data["api_key"] == "NEW"
    assert entry.title == title
    await finish(hass, entry)


async def test_node_twice(
    hass: HomeAssistant, stack: TheThingsStack, setup: MockConfigEntry
) -> None:
    """A node that is set up is neither offered nor taken again."""
    stack.add_device("shed")
    result = await hass.config_entries.subentries.async_init(
        (setup.entry_id, "node"), context={"source": SOURCE_USER}
    )
    options = result["data_schema"].schema["device_id"].config["options"]
    assert options == [{"value": "shed", "label": "shed"}]

    result = await hass.config_entries.subentries.async_configure(
        result["flow_id"], {"device_id": f" {DEVICE_ID}", "layout": "slow_24"}
    )

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_list_of_devices_of_another_shape(
    hass: HomeAssistant, stack: TheThingsStack, setup: MockConfigEntry
) -> None:
    """A node can be added by its id whatever the server's list says."""
    stack.faults.http.append(HttpFault(200, body=b'{"end_devices": [1]}'))

    result = await hass.config_entries.subentries.async_init(
        (setup.entry_id, "node"), context={"source": SOURCE_USER}
    )

    assert result["data_schema"].schema["device_id"].config["options"] == []


async def test_layout_of_a_node_need_not_be_said(
    hass: HomeAssistant, stack: TheThingsStack, setup: MockConfigEntry
) -> None:
    """Then the fair number of images is the one that is fair whichever it is."""
    stack.add_device("shed")
    result = await hass.config_entries.subentries.async_init(
        (setup.entry_id, "node"), context={"source": SOURCE_USER}
    )
    result = await hass.config_entries.subentries.async_configure(
        result["flow_id"], {"device_id": "shed"}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()

    node = next(n for n in setup.subentries.values() if n.unique_id == "shed")
    assert node.data == {"device_id": "shed", "layout": "auto"}
    result = await setup.start_subentry_reconfigure_flow(hass, node.subentry_id)
    assert result["description_placeholders"]["slow"] == "9"


async def test_reconfigure_node(hass: HomeAssistant, setup: MockConfigEntry) -> None:
    """The layout can be changed."""
    (node,) = setup.subentries.values()
    result = await setup.start_subentry_reconfigure_flow(hass, node.subentry_id)
    # 30 s of airtime a day, as of The Things Network's fair use policy.
    assert result["description_placeholders"] == {
        "node": "Garage",
        "spreading_factor": "7",
        "slow": "10",
        "fast": "149",
    }

    result = await hass.config_entries.subentries.async_configure(
        result["flow_id"],
        {
            "layout": "slow_32",
            "numbering": "port",
            "confirmed": True,
            "silent_after": 90,
        },
    )

    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    (node,) = setup.subentries.values()
    assert node.data == {
        "device_id": DEVICE_ID,
        "layout": "slow_32",
        "numbering": "port",
        "confirmed": True,
        "silent_after": 90,
    }
    assert setup.state is ConfigEntryState.LOADED


async def test_fair_share_at_another_spreading_factor(
    hass: HomeAssistant, world: World
) -> None:
    """What is fair depends on how the node is heard."""
    (node,) = world.entry.subentries
    world.device.spreading_factor = 10
    await world.image()

    result = await world.entry.start_subentry_reconfigure_flow(hass, node)

    assert result["description_placeholders"] == {
        "node": "Garage",
        "spreading_factor": "10",
        "slow": "1",
        "fast": "24",
    }


async def test_reconfigure_node_while_not_set_up(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A node can be configured while its server is away."""
    (node,) = entry.subentries

    result = await entry.start_subentry_reconfigure_flow(hass, node)

    assert result["description_placeholders"]["spreading_factor"] == "7"


async def test_options(hass: HomeAssistant, setup: MockConfigEntry) -> None:
    """Whether there is a fair share to keep is the owner's choice."""
    result = await hass.config_entries.options.async_init(setup.entry_id)
    suggested = {
        str(key): key.description["suggested_value"]
        for key in result["data_schema"].schema
    }
    # On a server of one's own there is none unless the owner says so.
    assert suggested == {"fair_use": False, "budget": 8}

    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"fair_use": True, "budget": 5}
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    state = hass.states.get("sensor.garage_downlinks_24_h")
    assert state
    assert state.attributes["limit"] == 5


async def test_many_devices(
    hass: HomeAssistant, stack: TheThingsStack, setup: MockConfigEntry
) -> None:
    """A long list comes in several answers."""
    for number in range(250):
        stack.add_device(f"device-{number}")

    result = await hass.config_entries.subentries.async_init(
        (setup.entry_id, "node"), context={"source": SOURCE_USER}
    )

    options = result["data_schema"].schema["device_id"].config["options"]
    assert len(options) == 250


async def test_sections_of_a_node(hass: HomeAssistant, setup: MockConfigEntry) -> None:
    """Picture, cells, corrections and archive are said in sections, and hold at once."""
    (node,) = setup.subentries.values()
    result = await setup.start_subentry_reconfigure_flow(hass, node.subentry_id)
    said = {
        "layout": "slow_24",
        "picture": {"palette": "arctic", "rotation": "270", "format": "png"},
        "cells": {"rows": 2, "columns": 3, "names": ["North"], "top": 10},
        "correction": {"offset": -1.5, "dead_pixels": ["1, 24", "32 1", "1,24"]},
        "archive": {"days": 30, "megabytes": 5},
    }
    result = await hass.config_entries.subentries.async_configure(
        result["flow_id"], said
    )
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()

    options = setup.runtime_data.nodes[DEVICE_ID].options
    assert options.style.palette == "arctic"
    assert options.style.content_type == "image/png"
    assert options.style.orientation.quarters == 3
    assert options.style.cells is options.cells
    assert options.cells.all_names == ["North", "A2", "A3", "B1", "B2", "B3"]
    assert options.cells.top == pytest.approx(0.1)
    assert options.correction.offset == -1.5
    assert options.correction.dead_pixels == ((0, 23), (31, 0))
    assert (options.bounds.days, options.bounds.megabytes) == (30, 5)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"picture": {"scale": "fixed", "low": 50, "high": 50}}, "low_over_high"),
        ({"cells": {"rows": 2, "columns": 1, "names": ["B1"]}}, "names_alike"),
        ({"correction": {"dead_pixels": ["33, 1"]}}, "not_a_pixel"),
        ({"correction": {"dead_pixels": ["the one in the middle"]}}, "not_a_pixel"),
    ],
)
async def test_sections_that_cannot_be(
    hass: HomeAssistant, setup: MockConfigEntry, said: dict[str, object], error: str
) -> None:
    """What makes no sense is refused with a reason, and can be mended."""
    (node,) = setup.subentries.values()
    before = node.data
    result = await setup.start_subentry_reconfigure_flow(hass, node.subentry_id)
    configure = hass.config_entries.subentries.async_configure
    result = await configure(result["flow_id"], {"layout": "slow_24", **said})
    assert result["errors"] == {"base": error}
    assert setup.subentries[node.subentry_id].data == before

    result = await configure(result["flow_id"], {"layout": "slow_32"})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
