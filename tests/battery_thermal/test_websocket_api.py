"""What a dashboard is told of the nodes."""

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.battery_thermal import websocket_api
from custom_components.battery_thermal.thermal.palettes import Palette, table
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.the_things_stack import TheThingsStack

from .common import entry_data
from .world import World

type Event = dict[str, Any]
type Subscribe = Callable[[], Awaitable[MockHAClientWebSocket]]


@pytest.fixture
async def subscribe(
    hass_ws_client: WebSocketGenerator, monkeypatch: pytest.MonkeyPatch
) -> Subscribe:
    """Look at the nodes, and be told of everything at once."""
    monkeypatch.setattr(websocket_api, "PACE", 0)

    async def subscribe() -> MockHAClientWebSocket:
        client = await hass_ws_client()
        await client.send_json_auto_id({"type": "battery_thermal/subscribe_nodes"})
        assert (await client.receive_json())["success"]
        return client

    return subscribe


async def event(client: MockHAClientWebSocket) -> Event:
    """Return what a viewer is told next."""
    async with asyncio.timeout(5):
        return (await client.receive_json())["event"]


async def image(client: MockHAClientWebSocket, lines: int) -> Any:
    """Return the next image with so many lines."""
    while True:
        for node in (await event(client))["nodes"].values():
            if (found := node.get("image")) and found["lines_received"] == lines:
                return found


def node_id(entry: MockConfigEntry) -> str:
    """Return what the node is called on the wire."""
    (subentry_id,) = entry.subentries
    return subentry_id


async def test_snapshot(world: World, subscribe: Subscribe) -> None:
    """The first message tells of every node, and brings the palettes."""
    told = await event(await subscribe())
    (look,) = (node.pop("look") for node in told["nodes"].values())
    assert (look["palette"], look["scale"], look["cells"]) == (
        "inferno",
        "automatic",
        None,
    )
    assert told["nodes"] == {
        node_id(world.entry): {
            "control": True,
            "threshold": None,
            "wanted": None,
            "stage": "idle",
            "pending": False,
            "error": None,
            "image": None,
        }
    }
    assert (told["snapshot"], told["gone"]) == (True, [])
    palettes = told["palettes"]
    assert set(palettes) == {*Palette, "above"}
    assert b64decode(palettes["inferno"]) == table(Palette.INFERNO).tobytes()
    # The card puts both halves of the alarm palette together.
    half = table(Palette.ALARM, alarm_from=0.5)
    above = b64decode(palettes["above"])
    assert b64decode(palettes["alarm"])[:384] + above[:384] == half.tobytes()


async def test_image_grows(world: World, subscribe: Subscribe) -> None:
    """The matrix is what the node measured, and null where nothing has arrived."""
    await world.step()
    viewer = await subscribe()
    await world.step()
    half = await image(viewer, 1)
    assert (half["mode"], half["lines_expected"]) == ("fast", 2)
    assert (len(half["rows"]), half["width"]) == (8, 6)
    assert all(None in row for row in half["rows"])
    await world.step()
    whole = await image(viewer, 2)
    truth = world.node.image
    assert truth
    values = [value / 10 for row in truth.matrix.tolist() for value in row]
    assert [value for row in whole["rows"] for value in row] == values
    assert whole["missing_lines"] == []
    assert whole["maximum"] == max(values)


async def test_settings(world: World, subscribe: Subscribe) -> None:
    """What is wanted is told at once, without the image that is known already."""
    await world.image()
    viewer = await subscribe()
    await event(viewer)
    await world.call("number", "threshold", "set_value", value=60)
    (node,) = (await event(viewer))["nodes"].values()
    assert (node["wanted"]["threshold"], node["pending"]) == (60, True)
    assert not {"image", "look"} & set(node)


async def test_missing_lines(world: World, subscribe: Subscribe) -> None:
    """A row of which nothing has arrived is null."""
    await world.configure(picture={"rotation": "90"})
    await world.call("select", "mode", "select_option", option="slow")
    while (growing := world.record.image) is None or growing.mode != "slow":
        await world.step()
    growing = await image(await subscribe(), 1)
    assert (growing["mode"], growing["width"]) == ("slow", 32)
    assert [row is not None for row in growing["rows"]] == [True] + 23 * [False]


async def test_turned_with_cells(world: World, subscribe: Subscribe) -> None:
    """Images and cells are told of as the owner looks at them."""
    await world.configure(
        picture={"rotation": "90", "mirror": True},
        cells={"rows": 2, "columns": 4, "names": ["", "Old"], "top": 10},
    )
    await world.image()
    told = (await event(await subscribe()))["nodes"][node_id(world.entry)]
    matrix = np.rot90(world.node.image.matrix[:, ::-1], -1) / 10
    assert told["image"]["rows"] == matrix.tolist()
    grid = told["look"]["cells"]
    assert grid["names"] == ["A1", "Old", "A3", "A4", "B1", "B2", "B3", "B4"]
    assert grid["row_edges"] == pytest.approx([0.1, 0.55, 1])
    assert grid["column_edges"] == [0, 0.25, 0.5, 0.75, 1]
    assert (grid["drawn"], grid["imbalance"]) == (True, [5, 10])
    assert (told["look"]["quarters"], told["look"]["mirror"]) == (1, True)
    # Of 6 rows the first is the margin's: its middle lies above the edge.
    second = told["image"]["cells"][1]
    assert second["maximum"] == matrix[1:3, 2:4].max()
    assert second["mean"] == pytest.approx(matrix[1:3, 2:4].mean(), abs=0.051)
    assert second["complete"]
    maxima = [cell["maximum"] for cell in told["image"]["cells"]]
    assert second["deviation"] == pytest.approx(maxima[1] - np.median(maxima))


async def test_corrections_are_told(world: World, subscribe: Subscribe) -> None:
    """Who keeps images of the archive knows when they would be told of with other values."""
    await world.image()
    for correction, told in (
        ({}, [0, 0.95, []]),
        ({"offset": 2}, [2, 0.95, []]),
        ({"emissivity": 0.8}, [0, 0.8, []]),
        ({"dead_pixels": ["3, 4"]}, [0, 0.95, [[2, 3]]]),
    ):
        await world.configure(correction=correction)
        viewer = await subscribe()
        (node,) = (await event(viewer))["nodes"].values()
        assert node["look"]["correction"] == told
        await viewer.close()


async def test_limits_are_told(world: World, subscribe: Subscribe) -> None:
    """Other limits, and cells without a pixel that has arrived."""
    await world.configure(cells={"rows": 1, "columns": 12})
    viewer = await subscribe()
    await event(viewer)
    await world.call("number", "imbalance_warning_limit", "set_value", value=3)
    (node,) = (await event(viewer))["nodes"].values()
    assert node["look"]["cells"]["imbalance"] == [3, 10]
    await world.step(2)
    cells = (await image(viewer, 1))["cells"]
    assert {
        "maximum": None,
        "mean": None,
        "deviation": None,
        "complete": False,
    } in cells


async def test_application_comes_and_goes(
    hass: HomeAssistant, world: World, subscribe: Subscribe, stack: TheThingsStack
) -> None:
    """The nodes of an application that is unloaded are gone, until it is back."""
    viewer = await subscribe()
    await event(viewer)
    entry = world.entry
    await hass.config_entries.async_unload(entry.entry_id)
    assert await event(viewer) == {"nodes": {}, "gone": [node_id(entry)]}
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    hass.config_entries.async_update_entry(other, title="Other")
    empty = MockConfigEntry(domain=entry.domain, data=entry_data(stack))
    empty.add_to_hass(hass)
    assert await hass.config_entries.async_setup(empty.entry_id)
    assert await hass.config_entries.async_unload(empty.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    assert list((await event(viewer))["nodes"]) == [node_id(entry)]
    hass.config_entries.async_update_entry(entry, title="Cellar")
    await viewer.close()
    await hass.async_block_till_done()


async def test_one_comes_as_another_goes(
    hass: HomeAssistant,
    world: World,
    subscribe: Subscribe,
    stack: TheThingsStack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An application that is there again is told of, whatever goes in the meantime."""
    empty = MockConfigEntry(domain=world.entry.domain, data=entry_data(stack))
    empty.add_to_hass(hass)
    assert await hass.config_entries.async_setup(empty.entry_id)
    viewer = await subscribe()
    await event(viewer)
    monkeypatch.setattr(websocket_api, "PACE", 1)

    await hass.config_entries.async_reload(world.entry.entry_id)
    await hass.config_entries.async_unload(empty.entry_id)

    while not (told := await event(viewer))["nodes"]:
        pass
    assert list(told["nodes"]) == [node_id(world.entry)]


async def test_leaves_before_it_is_told(
    hass: HomeAssistant, world: World, hass_ws_client: WebSocketGenerator
) -> None:
    """Somebody who leaves while something is on its way is told nothing any more."""
    viewer = await hass_ws_client()
    await viewer.send_json_auto_id({"type": "battery_thermal/subscribe_nodes"})
    await viewer.receive_json()
    await event(viewer)
    await world.call("fan", "fan", "turn_on")
    await world.call("fan", "fan", "turn_off")
    await viewer.close()
    await hass.async_block_till_done()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=1))


async def test_who_may_only_look(
    world: World, subscribe: Subscribe, hass_admin_user: MockUser
) -> None:
    """Somebody who may read but not control is told so."""
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({"entities": {"all": {"read": True}}})
    (node,) = (await event(await subscribe()))["nodes"].values()
    assert not node["control"]


async def test_who_may_see_nothing(
    world: World, subscribe: Subscribe, hass_admin_user: MockUser
) -> None:
    """A node whose picture somebody may not see is not told of, nor are its changes."""
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({})
    viewer = await subscribe()
    assert not (await event(viewer))["nodes"]
    await world.call("fan", "fan", "turn_on")
    picture = world.entity_id("image", "thermal")
    hass_admin_user.mock_policy({"entities": {"entity_ids": {picture: True}}})
    await world.call("fan", "fan", "turn_off")
    (node,) = (await event(viewer))["nodes"].values()
    assert "image" in node
