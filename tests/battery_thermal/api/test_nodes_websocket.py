"""Tests of the WebSocket subscription to nodes."""

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from unittest.mock import ANY

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

from custom_components.battery_thermal.api import subscription
from custom_components.battery_thermal.const import DOMAIN
from custom_components.battery_thermal.render.palettes import Palette, table
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntryChange
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util
from simulator.the_things_stack import TheThingsStack
from tests.battery_thermal.common import entry_data
from tests.battery_thermal.world import World

type Event = dict[str, Any]
type Subscribe = Callable[[], Awaitable[MockHAClientWebSocket]]


@pytest.fixture
async def subscribe(
    hass_ws_client: WebSocketGenerator, monkeypatch: pytest.MonkeyPatch
) -> Subscribe:
    """Return a function that subscribes to the nodes, without pauses between events."""
    monkeypatch.setattr(subscription, "PACE", 0)

    async def subscribe() -> MockHAClientWebSocket:
        client = await hass_ws_client()
        await client.send_json_auto_id({"type": "battery_thermal/subscribe_nodes"})
        assert (await client.receive_json())["success"]
        return client

    return subscribe


async def event(client: MockHAClientWebSocket) -> Event:
    """Return the next event of a viewer."""
    async with asyncio.timeout(5):
        message: Event = (await client.receive_json())["event"]
        return message


async def image(client: MockHAClientWebSocket, lines: int) -> Any:
    """Return the next image with a number of lines."""
    while True:
        for node in (await event(client))["nodes"].values():
            if (found := node.get("image")) and found["lines_received"] == lines:
                return found


def node_id(entry: MockConfigEntry) -> str:
    """Return the node's id in the messages."""
    (subentry_id,) = entry.subentries
    return subentry_id


async def test_snapshot(world: World, subscribe: Subscribe) -> None:
    """The first message has every node and the palettes."""
    received = await event(await subscribe())
    (look,) = (node.pop("look") for node in received["nodes"].values())
    assert (look["palette"], look["scale"], look["areas"]) == (
        "inferno",
        "automatic",
        [],
    )
    assert received["nodes"] == {
        node_id(world.entry): {
            "control": True,
            "threshold": None,
            "wanted": None,
            "stage": "idle",
            "pending": False,
            "error": None,
            "heard_at": None,
            "simulated": False,
            "image": None,
            "alarms": [],
        }
    }
    assert (received["snapshot"], received["gone"]) == (True, [])
    palettes = received["palettes"]
    # The card offers them in this order.
    assert list(palettes) == [*Palette, "above"]
    assert b64decode(palettes["inferno"]) == table(Palette.INFERNO).tobytes()
    # The card combines both halves of the alarm palette.
    half = table(Palette.ALARM, alarm_from=0.5)
    above = b64decode(palettes["above"])
    assert b64decode(palettes["alarm"])[:384] + above[:384] == half.tobytes()


async def test_image_grows(world: World, subscribe: Subscribe) -> None:
    """The matrix has the measured values, and null for missing pixels."""
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
    """Wanted settings are sent at once, without the image that was sent before."""
    await world.image()
    viewer = await subscribe()
    await event(viewer)
    await world.call("number", "threshold", "set_value", value=60)
    (node,) = (await event(viewer))["nodes"].values()
    assert (node["wanted"]["threshold"], node["pending"]) == (60, True)
    assert not {"image", "look"} & set(node)


async def test_missing_lines(world: World, subscribe: Subscribe) -> None:
    """Before the first image has ended, a row without pixels is null."""
    await world.configure(picture={"rotation": "90"})
    while world.record.images.image is None:
        await world.step()
    growing = await image(await subscribe(), 1)
    assert (growing["mode"], growing["width"]) == ("fast", 8)
    assert [row is not None for row in growing["rows"]] == 3 * [True] + 3 * [False]
    assert "next" not in growing


async def test_lines_of_the_next_image(world: World, subscribe: Subscribe) -> None:
    """New lines replace pixels of the last image, whose figures stay; the hottest pixel is that of both."""
    await world.image()
    last = world.record.images.measured
    assert last
    while (growing := world.record.images.image) is last or growing is None:
        await world.step()
    sent = await image(await subscribe(), 2)
    assert sent["next"] == {"lines_received": 1, "lines_expected": 2}
    assert all(None not in row for row in sent["rows"])
    assert (sent["minimum"], sent["mean"]) == (last.minimum, round(last.mean, 1))
    assert sent["maximum"] == max(last.maximum, growing.maximum)
    assert sent["extremes"]["coldest"]["value"] == last.values.min() / 10
    hottest = growing if growing.maximum > last.maximum else last
    highest = hottest.values[hottest.present].max() / 10
    assert sent["extremes"]["hottest"]["value"] == highest


async def test_entities_of_the_cells(world: World, subscribe: Subscribe) -> None:
    """Each cell has the entity of its maximum, unless that is disabled."""
    await world.configure(cells={"rows": 1, "columns": 2})
    registry = er.async_get(world.hass)
    first, second = (
        registry.async_get_entity_id(
            "sensor", DOMAIN, f"{node_id(world.entry)}_cell_maximum_{number}"
        )
        for number in range(2)
    )
    assert first
    assert second
    registry.async_update_entity(second, disabled_by=er.RegistryEntryDisabler.USER)
    node = (await event(await subscribe()))["nodes"][node_id(world.entry)]
    assert [area["entity"] for area in node["look"]["areas"]] == [first, None]
    registry.async_remove(first)
    node = (await event(await subscribe()))["nodes"][node_id(world.entry)]
    assert [area["entity"] for area in node["look"]["areas"]] == [None, None]


async def test_orientation_with_cells(world: World, subscribe: Subscribe) -> None:
    """Images and cells have the configured orientation."""
    await world.configure(
        picture={"rotation": "90", "mirror": True},
        cells={"rows": 2, "columns": 4, "names": ["", "Old"], "top": 10},
    )
    await world.image()
    received = (await event(await subscribe()))["nodes"][node_id(world.entry)]
    assert world.node.image
    matrix = np.rot90(world.node.image.matrix[:, ::-1], -1) / 10
    assert received["image"]["rows"] == matrix.tolist()
    areas = received["look"]["areas"]
    names = [area["name"] for area in areas]
    assert names == ["A1", "Old", "A3", "A4", "B1", "B2", "B3", "B4"]
    entity = areas[1].pop("entity")
    assert entity == world.entity_id("sensor", "cell_maximum_1")
    assert areas[1] == {
        "key": "1",
        "name": "Old",
        "kind": "cell",
        # Mirrored and turned, the second of four columns is the third quarter of the rows.
        "points": [[24, pytest.approx(21.6)], [16, pytest.approx(10.8)]],
        "emissivity": None,
        "highest": None,
        "warning": None,
        "alarm": None,
    }
    assert received["look"]["areas_drawn"]
    assert received["look"]["imbalance"] == [5, 10]
    assert (received["look"]["quarters"], received["look"]["mirror"]) == (1, True)
    # The first of 6 rows belongs to the margin: its centre lies above the edge.
    second = received["image"]["areas"][1]
    assert second["maximum"] == matrix[1:3, 2:4].max()
    assert second["mean"] == pytest.approx(matrix[1:3, 2:4].mean(), abs=0.051)
    assert second["complete"]
    maxima = [cell["maximum"] for cell in received["image"]["areas"]]
    assert second["deviation"] == pytest.approx(maxima[1] - np.median(maxima))


async def test_ignored_part_is_told(world: World, subscribe: Subscribe) -> None:
    """Its pixels are there, and the marks are where the extremes of the others are."""
    lamp = {"key": "lamp", "name": "Lamp", "kind": "ignore", "points": [[0, 0], [8, 8]]}
    await world.configure(areas=[lamp])
    world.model.heat((0, 0), 60)
    sent = await world.image()
    received = (await event(await subscribe()))["nodes"][node_id(world.entry)]["image"]
    highest = sent.matrix.copy()
    highest[:2, :2] = 0
    assert received["maximum"] == highest.max() / 10 < sent.maximum / 10
    assert received["extremes"]["hottest"]["value"] == received["maximum"]
    assert received["areas"] == []


async def test_corrections_are_sent(world: World, subscribe: Subscribe) -> None:
    """A changed correction is sent, so that stored copies of images can be read again."""
    await world.image()
    corrections: tuple[tuple[dict[str, object], list[object]], ...] = (
        ({}, [0, 0.95, []]),
        ({"offset": 2}, [2, 0.95, []]),
        ({"emissivity": 0.8}, [0, 0.8, []]),
        ({"dead_pixels": ["3, 4"]}, [0, 0.95, [[2, 3]]]),
    )
    for correction, expected in corrections:
        await world.configure(correction=correction)
        viewer = await subscribe()
        (node,) = (await event(viewer))["nodes"].values()
        assert node["look"]["correction"] == expected
        await viewer.close()


async def test_limits_are_sent(world: World, subscribe: Subscribe) -> None:
    """Changed limits are sent, and cells without received pixels."""
    await world.configure(cells={"rows": 1, "columns": 12})
    viewer = await subscribe()
    await event(viewer)
    await world.call("number", "imbalance_warning_limit", "set_value", value=3)
    (node,) = (await event(viewer))["nodes"].values()
    assert node["look"]["imbalance"] == [3, 10]
    await world.step(2)
    areas = (await image(viewer, 1))["areas"]
    assert {
        "key": None,
        "maximum": None,
        "mean": None,
        "deviation": None,
        "complete": False,
    } in [{**area, "key": None} for area in areas]


async def test_application_comes_and_goes(
    hass: HomeAssistant, world: World, subscribe: Subscribe, stack: TheThingsStack
) -> None:
    """Nodes of an unloaded application are removed until it is loaded again."""
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


async def test_application_is_followed_once(
    hass: HomeAssistant, world: World, subscribe: Subscribe
) -> None:
    """A change of a loaded entry neither adds listeners nor removes its nodes."""
    listeners = world.battery_node.change_listeners
    before = len(listeners)
    viewer = await subscribe()
    await event(viewer)
    assert len(listeners) == before + 1
    async_dispatcher_send(
        hass, SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntryChange.UPDATED, world.entry
    )
    await hass.async_block_till_done()
    assert len(listeners) == before + 1
    await world.call("fan", "fan", "turn_on")
    assert await event(viewer) == {"nodes": {node_id(world.entry): ANY}, "gone": []}
    await viewer.close()
    await hass.async_block_till_done()
    assert len(listeners) == before


async def test_one_comes_as_another_goes(
    hass: HomeAssistant,
    world: World,
    subscribe: Subscribe,
    stack: TheThingsStack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An application that is loaded again is sent, also if another one is unloaded meanwhile."""
    empty = MockConfigEntry(domain=world.entry.domain, data=entry_data(stack))
    empty.add_to_hass(hass)
    assert await hass.config_entries.async_setup(empty.entry_id)
    viewer = await subscribe()
    await event(viewer)
    monkeypatch.setattr(subscription, "PACE", 1)

    await hass.config_entries.async_reload(world.entry.entry_id)
    await hass.config_entries.async_unload(empty.entry_id)

    while not (received := await event(viewer))["nodes"]:
        pass
    assert list(received["nodes"]) == [node_id(world.entry)]


async def test_unsubscribed_before_an_event(
    hass: HomeAssistant, world: World, hass_ws_client: WebSocketGenerator
) -> None:
    """After unsubscribing, a waiting event is not sent."""
    viewer = await hass_ws_client()
    await viewer.send_json_auto_id({"type": "battery_thermal/subscribe_nodes"})
    await viewer.receive_json()
    await event(viewer)
    await world.call("fan", "fan", "turn_on")
    await world.call("fan", "fan", "turn_off")
    await viewer.close()
    await hass.async_block_till_done()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=1))


async def test_read_only_user(
    world: World, subscribe: Subscribe, hass_admin_user: MockUser
) -> None:
    """A user without permission to control gets `control: false`."""
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({"entities": {"all": {"read": True}}})
    (node,) = (await event(await subscribe()))["nodes"].values()
    assert not node["control"]


async def test_user_without_permission(
    world: World, subscribe: Subscribe, hass_admin_user: MockUser
) -> None:
    """A node whose picture a user may not read is not sent, nor are its changes."""
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


async def test_changed_permissions(
    world: World, subscribe: Subscribe, hass_admin_user: MockUser
) -> None:
    """A node is removed for a user who loses the permission, and sent again when it is back."""
    viewer = await subscribe()
    (node_id,) = (await event(viewer))["nodes"]
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({})
    world.hass.bus.async_fire("user_updated", {"user_id": hass_admin_user.id})
    world.hass.bus.async_fire("user_updated", {"user_id": "somebody else"})
    assert await event(viewer) == {"nodes": {}, "gone": [node_id]}
    picture = world.entity_id("image", "thermal")
    hass_admin_user.mock_policy({"entities": {"entity_ids": {picture: True}}})
    world.hass.bus.async_fire("user_updated", {"user_id": hass_admin_user.id})
    node = (await event(viewer))["nodes"][node_id]
    assert "image" in node
    assert not node["control"]
    entities = er.async_get(world.hass)
    entities.async_update_entity(picture, name="Heat")
    entities.async_remove(picture)
    await world.hass.async_block_till_done()
    assert (await event(viewer))["gone"] == [node_id]


@pytest.mark.parametrize("how", ["deleted", "deactivated"])
async def test_removed_user(
    world: World, subscribe: Subscribe, hass_admin_user: MockUser, how: str
) -> None:
    """A subscription ends when its user is removed, and all listeners are removed."""
    viewer = await subscribe()
    (node_id,) = (await event(viewer))["nodes"]
    if how == "deactivated":
        hass_admin_user.is_active = False
        world.hass.bus.async_fire("user_updated", {"user_id": hass_admin_user.id})
    else:
        world.hass.bus.async_fire("user_removed", {"user_id": hass_admin_user.id})
    await world.hass.async_block_till_done()
    assert await event(viewer) == {"nodes": {}, "gone": [node_id]}
    await world.call("fan", "fan", "turn_on")
    await viewer.send_json_auto_id({"type": "ping"})
    assert (await viewer.receive_json())["type"] == "pong"


@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_token_that_is_revoked(
    world: World, subscribe: Subscribe, hass_admin_user: MockUser
) -> None:
    """A subscription ends when the token of its connection is revoked."""
    viewer = await subscribe()
    await event(viewer)
    listeners = len(world.battery_node.change_listeners)
    (token,) = hass_admin_user.refresh_tokens.values()
    world.hass.auth.async_remove_refresh_token(token)
    await world.hass.async_block_till_done()
    assert len(world.battery_node.change_listeners) == listeners - 1
    await viewer.close()


async def test_disabled_device(world: World, subscribe: Subscribe) -> None:
    """A node whose device is disabled is not shown."""
    viewer = await subscribe()
    (node_id,) = (await event(viewer))["nodes"]
    devices = dr.async_get(world.hass)
    (device,) = dr.async_entries_for_config_entry(devices, world.entry.entry_id)
    devices.async_update_device(device.id, name_by_user="Bank")
    devices.async_update_device(device.id, disabled_by=dr.DeviceEntryDisabler.USER)
    await world.hass.async_block_till_done()
    assert (await event(viewer))["gone"] == [node_id]
    await viewer.close()


async def test_time_of_the_last_uplink(world: World, subscribe: Subscribe) -> None:
    """The time of the last uplink is sent live, although its sensor is written seldom."""
    viewer = await subscribe()
    await event(viewer)
    await world.step()
    (node,) = (await event(viewer))["nodes"].values()
    heard_at = world.record.traffic.heard_at
    assert heard_at
    assert node["heard_at"] == heard_at.timestamp()


async def test_ended_image_of_a_viewer_that_comes_late(
    world: World, subscribe: Subscribe
) -> None:
    """Where lines are over it already, the ended image comes once; then it is known."""
    await world.image()
    early = await subscribe()
    image = (await node_event(early))["image"]
    assert image["closed"]
    await world.step()
    assert "ended" not in await node_event(early)
    node = await node_event(await subscribe())
    assert node["image"]["next"]["lines_received"] == 1
    assert node["ended"] == image


async def node_event(client: MockHAClientWebSocket) -> Event:
    """Return what the next event with an image says of the node."""
    while True:
        for node in (await event(client))["nodes"].values():
            if "image" in node:
                found: Event = node
                return found
