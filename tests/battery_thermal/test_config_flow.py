"""Tests of the config flow, the options flow and the subentry flow."""

from pathlib import Path
import ssl
from typing import Any, cast

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.lorawan.the_things_stack import server_type
from custom_components.battery_thermal.lorawan.the_things_stack.server import (
    Application,
)
from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator.the_things_stack import (
    ALL_RIGHTS,
    MQTT_PAGE_RIGHTS,
    HttpFault,
    Right,
    TheThingsStack,
    TheThingsStackDevice,
)

from .certificates import self_signed
from .common import DEVICE_ID, DOMAIN, KEY, entry_data, fields_of, open_options


async def start(hass: HomeAssistant, menu_option: str) -> str:
    """Open the flow, choose a network, and return the flow's id."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert {"ttn", "own", "chirpstack"} <= set(cast(list[str], result["menu_options"]))
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": menu_option}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == menu_option
    assert not result["errors"]
    return result["flow_id"]


async def finish(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Unload the entry that a flow has set up."""
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(entry.entry_id)


async def test_link_to_the_console(hass: HomeAssistant) -> None:
    """Where a key is asked for there is a link to the console that makes it."""

    async def link(flow_id: str, entered: dict[str, str] | None = None) -> str:
        result = await hass.config_entries.flow.async_configure(flow_id, entered)
        placeholders = result["description_placeholders"]
        assert placeholders
        return str(placeholders["console"])

    flow_id = await start(hass, "ttn")
    assert "(https://console.cloud.thethings.network/)" in await link(flow_id)
    # This is refused before anything is asked of the server.
    entered = {"cluster": "nam1", "application": "!", "api_key": KEY}
    assert "(https://nam1.cloud.thethings.network/console)" in await link(
        flow_id, entered
    )
    assert await link(await start(hass, "own")) == ""


@pytest.mark.parametrize("rights", [ALL_RIGHTS, MQTT_PAGE_RIGHTS])
async def test_application_then_node(
    hass: HomeAssistant,
    stack: TheThingsStack,
    device: TheThingsStackDevice,
    rights: frozenset[Right],
) -> None:
    """The application is set up, and the flow continues with its first node."""
    stack.add_key(KEY, rights)
    flow_id = await start(hass, "own")

    # Pasted values are surrounded by spaces.
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
    options = fields_of(result)["device_id"].config["options"]
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


async def test_key_may_not_ask_for_its_rights(
    hass: HomeAssistant, stack: TheThingsStack, device: TheThingsStackDevice
) -> None:
    """Without the right to list rights, the right to read is tested by reading."""
    flow_id = await start(hass, "own")
    stack.faults.http.append(HttpFault(403))
    stack.add_device("battery-thermal-check")

    result = await hass.config_entries.flow.async_configure(flow_id, entry_data(stack))

    assert result["type"] is FlowResultType.CREATE_ENTRY
    await finish(hass, result["result"])


async def test_nobody_there(hass: HomeAssistant) -> None:
    """An unreachable server is reported."""
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
    """An invalid host is refused; a URL is accepted as its host."""
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
    """A self-signed certificate is refused."""
    context, _pem = self_signed(tmp_path)
    # The stand-in logs an error for each failed handshake.
    hass.loop.set_exception_handler(lambda loop, context: None)
    async with TheThingsStack(tls=context) as stack:
        stack.add_key(KEY)
        flow_id = await start(hass, "own")
        result = await hass.config_entries.flow.async_configure(
            flow_id, entry_data(stack) | {"tls": True}
        )

    assert result["errors"] == {"base": "tls_failed"}


async def test_certificate_of_ones_own(hass: HomeAssistant, tmp_path: Path) -> None:
    """A certificate is accepted when its authority's certificate is configured."""
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
    """HTTP and MQTT may use different certificates; both are checked."""
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
    """An unreadable certificate prevents the set-up of the entry."""
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "tls": True, "ca_certificate": "nonsense"}
    )

    await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "invalid_ca"


async def test_the_things_network(
    hass: HomeAssistant, stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The public network needs cluster, application and key only."""
    asked_for = []

    def here(**asked: Any) -> Application:
        """Use the stand-in in the place of the public network."""
        asked_for.append(asked)
        ports = {"mqtt_port": stack.mqtt_port, "http_port": stack.http_port}
        return Application(**asked | {"host": "127.0.0.1", "tls": None} | ports)

    monkeypatch.setattr(server_type, "Application", here)
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
    """Server, application and key can be changed; nodes stay."""
    async with TheThingsStack("other") as other:
        other.add_key("NEW")
        result = await setup.start_reconfigure_flow(hass)
        suggested = {
            str(key): key.description["suggested_value"]
            for key in fields_of(result)
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


async def test_reconfigure_without_the_key(
    hass: HomeAssistant, stack: TheThingsStack, setup: MockConfigEntry
) -> None:
    """The key stays where none is entered, unless the host is another one."""
    before = dict(setup.data)
    result = await setup.start_reconfigure_flow(hass)
    entered = entry_data(stack)
    del entered["api_key"]
    configure = hass.config_entries.flow.async_configure
    result = await configure(result["flow_id"], entered | {"host": "other.example"})
    assert result["errors"] == {"api_key": "secret_needed"}
    result = await configure(result["flow_id"], entered)
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert setup.data == before


@pytest.mark.parametrize("title", ["batteries@ttn", "At home"])
async def test_wrong_key_at_start(
    hass: HomeAssistant,
    stack: TheThingsStack,
    entry: MockConfigEntry,
    device: TheThingsStackDevice,
    title: str,
) -> None:
    """A key that is refused starts a reauthentication, which tests the new key.

    The title of the entry stays, also when the owner has changed it.
    """
    hass.config_entries.async_update_entry(entry, title=title)
    stack.revoke_key(KEY)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "reauth_confirm"
    # The form leads to where another key is made.
    assert f"/console/applications/{stack.uid.partition('@')[0]}/api-keys" in str(
        (await hass.config_entries.flow.async_configure(flow["flow_id"]))[
            "description_placeholders"
        ]
    )

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


async def test_cells_of_a_new_node(hass: HomeAssistant, setup: MockConfigEntry) -> None:
    """Rows and columns of the bank are asked for when a node is added."""
    result = await hass.config_entries.subentries.async_init(
        (setup.entry_id, "node"), context={"source": SOURCE_USER}
    )
    result = await hass.config_entries.subentries.async_configure(
        result["flow_id"], {"device_id": "shed", "rows": 4, "columns": 3}
    )
    await hass.async_block_till_done()
    (node,) = (it for it in setup.subentries.values() if it.unique_id == "shed")
    assert node.data == {
        "device_id": "shed",
        "layout": "auto",
        "cells": {"rows": 4, "columns": 3},
    }
    assert len(setup.runtime_data.nodes["shed"].config.options.cells) == 12


async def test_reconfigure_node(hass: HomeAssistant, setup: MockConfigEntry) -> None:
    """The layout can be changed."""
    (node,) = setup.subentries.values()
    result = await open_options(hass, setup, node.subentry_id)
    # 30 s of airtime a day (The Things Network's fair use policy).
    assert result["description_placeholders"] == {
        "node": "Garage",
        "spreading_factor": "7",
        "limit": "30",
        "slow": "10",
        "fast": "149",
    }

    result = await hass.config_entries.subentries.async_configure(
        result["flow_id"],
        {
            "radio": {
                "layout": "slow_32",
                "numbering": "port",
                "confirmed": True,
                "silent_after": 90,
            }
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


async def test_sections_of_a_node(hass: HomeAssistant, setup: MockConfigEntry) -> None:
    """Picture, cells, correction and archive are sections, and apply at once."""
    (node,) = setup.subentries.values()
    result = await open_options(hass, setup, node.subentry_id)
    said = {
        "radio": {"layout": "slow_24"},
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

    options = setup.runtime_data.nodes[DEVICE_ID].config.options
    assert options.style.palette == "arctic"
    assert options.style.content_type == "image/png"
    assert options.style.orientation.quarters == 3
    assert options.style.areas is options.areas
    names = [cell.name for cell in options.cells]
    assert names == ["North", "A2", "A3", "B1", "B2", "B3"]
    # A margin of 10 % at the top of the picture is one of 2.4 columns of the sensor.
    assert options.areas[0].points[0] == (0, pytest.approx(21.6))
    assert options.correction.offset == -1.5
    assert options.correction.dead_pixels == ((0, 23), (31, 0))
    assert (options.bounds.days, options.bounds.megabytes) == (30, 5)


async def test_names_of_cells_stay_with_them(
    hass: HomeAssistant, setup: MockConfigEntry
) -> None:
    """Another number of columns, also after a turn, with the names that the form had."""
    (node,) = setup.subentries.values()

    async def saved(columns: int, names: list[str], rotation: str) -> dict[str, str]:
        result = await open_options(hass, setup, node.subentry_id)
        result = await hass.config_entries.subentries.async_configure(
            result["flow_id"],
            {
                "radio": {"layout": "slow_32"},
                "cells": {"rows": 2, "columns": columns, "names": names},
                "picture": {"rotation": rotation},
            },
        )
        assert result["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        options = setup.runtime_data.nodes[DEVICE_ID].config.options
        return {cell.key: cell.name for cell in options.cells}

    def stored() -> list[str]:
        names: list[str] = setup.subentries[node.subentry_id].data["cells"]["names"]
        return names

    names = ["Left", "Right", "Low left", "Low right"]
    first = await saved(2, names, "0")
    assert list(first.values()) == names
    wide = await saved(3, stored(), "0")
    assert first.items() <= wide.items()
    assert set(wide.values()) - set(names) == {"A3", "B3"}
    assert await saved(2, stored(), "0") == first
    unnamed = await saved(2, [], "0")
    assert await saved(2, stored(), "90") == unnamed
    assert unnamed.items() <= (await saved(3, stored(), "90")).items()


async def test_a_cell_that_comes_back_when_its_name_is_taken(
    hass: HomeAssistant, setup: MockConfigEntry
) -> None:
    """Saving works: the cell is the same one, with a free name."""
    (node,) = setup.subentries.values()
    configure = hass.config_entries.subentries.async_configure

    async def saved(columns: int) -> list[tuple[str, str]]:
        result = await open_options(hass, setup, node.subentry_id)
        cells = {"rows": 1, "columns": columns}
        result = await configure(
            result["flow_id"], {"radio": {"layout": "slow_32"}, "cells": cells}
        )
        assert result["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        stored = setup.subentries[node.subentry_id].data["areas"]
        return [(area["key"], area["name"]) for area in stored]

    first, second = await saved(2)
    result = await setup.start_subentry_reconfigure_flow(hass, node.subentry_id)
    result = await configure(result["flow_id"], {"next_step_id": "remove_areas"})
    await configure(result["flow_id"], {"areas": [second[0]]})
    result = await setup.start_subentry_reconfigure_flow(hass, node.subentry_id)
    result = await configure(result["flow_id"], {"next_step_id": "add_area"})
    corners = ["1, 1", "4, 4"]
    await configure(
        result["flow_id"], {"name": second[1], "kind": "other", "points": corners}
    )
    await hass.async_block_till_done()
    found = await saved(3)
    assert found[:2] == [first, (second[0], "A4")]
    assert [name for _, name in found] == ["A1", "A4", "A3", "A2"]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"picture": {"scale": "fixed", "low": 50, "high": 50}}, "low_over_high"),
        ({"cells": {"rows": 2, "columns": 1, "names": ["B", "B"]}}, "names_alike"),
        ({"cells": {"rows": 13, "columns": 5}}, "too_many_areas"),
        ({"correction": {"dead_pixels": ["33, 1"]}}, "not_a_pixel"),
        ({"correction": {"dead_pixels": ["the one in the middle"]}}, "not_a_pixel"),
    ],
)
async def test_sections_that_cannot_be(
    hass: HomeAssistant, setup: MockConfigEntry, said: dict[str, object], error: str
) -> None:
    """Invalid values are refused with a reason, and can be corrected."""
    (node,) = setup.subentries.values()
    before = node.data
    result = await open_options(hass, setup, node.subentry_id)
    configure = hass.config_entries.subentries.async_configure
    result = await configure(
        result["flow_id"], {"radio": {"layout": "slow_24"}, **said}
    )
    assert result["errors"] == {"base": error}
    assert setup.subentries[node.subentry_id].data == before

    result = await configure(result["flow_id"], {"radio": {"layout": "slow_32"}})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
