"""Alarms as users see them: acknowledged by an action, listed by WebSocket."""

from datetime import timedelta
import json
from pathlib import Path
from typing import Any

import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
import yaml

from custom_components import battery_thermal
from custom_components.battery_thermal.device.alarm_log import get_alarm_log
from custom_components.battery_thermal.thermal.alarm_kinds import Level, LogKind
from custom_components.battery_thermal.thermal.logged_alarm import LoggedAlarm
from homeassistant.core import Context
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr
from tests.battery_thermal.common import DOMAIN
from tests.battery_thermal.test_init import restart
from tests.battery_thermal.world import World

from .test_archive_websocket import Ask, ask, damage, stamp

__all__ = ["ask"]


def node_id(world: World) -> str:
    """Return the id of the node's subentry."""
    (subentry_id,) = world.entry.subentries
    return subentry_id


def device_id(world: World) -> str:
    """Return the id of the node's device."""
    device = dr.async_get(world.hass).async_get_device_by_identifier(
        (DOMAIN, node_id(world)), world.entry.entry_id
    )
    assert device
    return device.id


async def acknowledge(
    world: World, context: Context | None = None, **data: Any
) -> list[str]:
    """Call the action, and return the ids of the alarms."""
    target = {} if "entity_id" in data else {"device_id": device_id(world)}
    answer = await world.hass.services.async_call(
        DOMAIN,
        "acknowledge_alarm",
        {**target, **data},
        blocking=True,
        return_response=True,
        context=context,
    )
    assert answer is not None
    if "nodes" in answer:
        nodes: Any = answer["nodes"]
        (answer,) = nodes.values()
    found: Any = answer
    return [one.split("-")[0] for one in found["acknowledged"]]


async def overheat(world: World) -> None:
    """Let a cell be too hot."""
    await world.configure(cells={"rows": 4, "columns": 3})
    await world.image()
    world.model.heat((0, 0), 7)
    await world.image()


def acknowledged(world: World, key: str = "imbalance_warning") -> Any:
    """Return what a binary sensor says of its alarm."""
    return world.state("binary_sensor", key).attributes.get("acknowledged")


async def test_acknowledge(world: World, hass_admin_user: MockUser) -> None:
    """An alarm that somebody has seen stays on, with the name and the note."""
    await overheat(world)
    assert acknowledged(world) is False
    context = Context(user_id=hass_admin_user.id)
    found = await acknowledge(
        world, context, kind="imbalance", note="Terminal tightened", by="Nobody"
    )
    assert found == ["imbalance"]
    assert acknowledged(world) is True
    state = world.state("binary_sensor", "imbalance_warning")
    assert state.state == "on"
    event = world.state("event", "alarm").attributes
    assert (event["event_type"], event["kind"]) == ("acknowledged", "imbalance")
    assert (event["by"], event["note"]) == (hass_admin_user.name, "Terminal tightened")
    # Only once, unless it becomes worse; a restart forgets nothing.
    assert await acknowledge(world, kind=["imbalance"]) == []
    connections = world.connections
    await restart(world)
    await world.reconnected(connections)
    assert acknowledged(world) is True
    world.model.heat((0, 0), 20)
    await world.image()
    assert acknowledged(world, "imbalance_alarm") is False
    assert "imbalance" in await acknowledge(world, by="Ana")
    assert acknowledged(world) is acknowledged(world, "imbalance_alarm") is True
    assert world.state("event", "alarm").attributes["by"] == "Ana"


async def test_acknowledge_by_id(world: World, ask: Ask) -> None:
    """One alarm by its id, also one that has ended; one that is not there is an error."""
    await overheat(world)
    world.model.heat((0, 0), 0)
    await world.image()
    (alarm,) = [
        one
        for one in (await ask("alarms"))["result"]["alarms"]
        if one["kind"] == "imbalance"
    ]
    assert not alarm["acknowledged"] and alarm["ended_at"]
    entity = world.entity_id("select", "mode")
    assert await acknowledge(world, alarm=alarm["id"], entity_id=entity) == [
        "imbalance"
    ]
    assert await acknowledge(world, alarm=alarm["id"], note="Late") == ["imbalance"]
    (alarm,) = [
        one
        for one in (await ask("alarms"))["result"]["alarms"]
        if one["kind"] == "imbalance"
    ]
    assert (alarm["acknowledged"], alarm["note"]) == (True, "Late")
    assert alarm["acknowledged_by"] is None
    with pytest.raises(ServiceValidationError, match="no_such_alarm|not in the log"):
        await acknowledge(world, alarm="imbalance-5")


async def test_acknowledge_an_open_one_by_id(world: World) -> None:
    """The id of an alarm that has not ended."""
    await overheat(world)
    alarm = world.record.images.journal.find(LogKind.IMBALANCE)
    assert alarm
    assert await acknowledge(world, alarm=alarm.alarm_id) == ["imbalance"]
    assert acknowledged(world) is True


async def test_who_may_acknowledge(world: World, hass_read_only_user: MockUser) -> None:
    """Who may not choose the mode may not acknowledge, nor is there a user that is gone."""
    await overheat(world)
    with pytest.raises(Unauthorized):
        await acknowledge(world, Context(user_id=hass_read_only_user.id))
    assert acknowledged(world) is False


@pytest.mark.parametrize(
    "wrong", [{"kind": "cold"}, {"note": "x" * 501}, {"by": "x" * 201}]
)
async def test_wrong_input(world: World, wrong: dict[str, Any]) -> None:
    """Unknown kinds, and texts that are too long, are refused."""
    with pytest.raises(vol.Invalid):
        await acknowledge(world, **wrong)


async def test_archive_that_cannot_be_read(world: World, ask: Ask) -> None:
    """A broken file is an error that says so; open alarms can be acknowledged."""
    await overheat(world)
    damage(world)
    for command, what in (
        ("alarms", {}),
        ("alarms_between", {"start": 0, "end": 1}),
    ):
        answer = await ask(command, **what)
        assert answer["error"]["translation_key"] == "archive_failed"
    assert "imbalance" in await acknowledge(world)
    with pytest.raises(HomeAssistantError):
        await acknowledge(world, alarm="imbalance-5")


async def test_pages(
    world: World, hass_ws_client: WebSocketGenerator, hass_admin_user: MockUser
) -> None:
    """All alarms in pages, newest first, of one node or of all that the user may see."""
    node = node_id(world)
    log = get_alarm_log(world.hass)
    alarms = [
        LoggedAlarm(
            kind=LogKind.RISE,
            level=Level.ALARM,
            since=world.now - number * timedelta(hours=1),
            peak=7.5,
            revision=1,
        )
        for number in range(5)
    ]
    await world.hass.async_add_executor_job(log.store, node, alarms)
    client = await hass_ws_client()

    async def page(**what: object) -> dict[str, Any]:
        await client.send_json_auto_id({"type": f"{DOMAIN}/alarms"} | what)
        answer: dict[str, Any] = await client.receive_json()
        return answer

    found: list[dict[str, Any]] = []
    result = (await page(count=2))["result"]
    while True:
        found += result["alarms"]
        if result["next"] is None:
            break
        result = (await page(count=2, before=result["next"]))["result"]
    assert [one["id"] for one in found] == [alarm.alarm_id for alarm in alarms]
    assert found[0] == {
        "acknowledged": False,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "area": None,
        "area_key": None,
        "begin_image": None,
        "certain": True,
        "control": True,
        "end_image": None,
        "ended_at": None,
        "id": alarms[0].alarm_id,
        "kind": "rise",
        "level": "alarm",
        "node": node,
        "note": None,
        "over_range": False,
        "peak": 7.5,
        "peak_at": None,
        "peak_image": None,
        "quantity": "rate",
        "since": stamp(alarms[0].since),
    }
    assert len((await page(node=node))["result"]["alarms"]) == 5
    for wrong in ("", "yesterday x y", f"{10**30} x y"):
        assert (await page(before=wrong))["error"]["code"] == "invalid_format"
    assert (await page(node="another"))["error"]["code"] == "unauthorized"

    hass_admin_user.groups = []
    hass_admin_user.mock_policy({})
    assert (await page())["result"] == {"alarms": [], "next": None}
    assert (await page(node=node))["error"]["code"] == "unauthorized"
    picture = world.entity_id("image", "thermal")
    hass_admin_user.mock_policy({"entities": {"entity_ids": {picture: {"read": True}}}})
    result = (await page())["result"]
    assert len(result["alarms"]) == 5
    assert not result["alarms"][0]["control"]


async def test_alarms_of_a_day(world: World, ask: Ask) -> None:
    """Those that were open at any time of a span."""
    await overheat(world)
    world.model.heat((0, 0), 0)
    await world.image()
    span = {"start": stamp(world.now - timedelta(days=1)), "end": stamp(world.now)}
    found = (await ask("alarms_between", **span))["result"]["alarms"]
    assert {one["kind"] for one in found} >= {"imbalance"}
    nothing = {"start": 0, "end": 1000}
    assert (await ask("alarms_between", **nothing))["result"]["alarms"] == []
    answer = await ask("alarms_between", **span, node="another")
    assert answer["error"]["code"] == "unauthorized"


def test_every_kind_is_offered() -> None:
    """The action's form and the list name each kind of the log."""
    folder = Path(battery_thermal.__file__).parent
    services = yaml.safe_load((folder / "services.yaml").read_text())
    fields = services["acknowledge_alarm"]["fields"]
    assert set(fields["kind"]["selector"]["select"]["options"]) == set(LogKind)
    texts = json.loads((folder / "translations" / "en.json").read_text())
    listed = texts["config_panel"]["alarm_log"]
    assert {f"kind_{kind}" for kind in LogKind} <= set(listed)
