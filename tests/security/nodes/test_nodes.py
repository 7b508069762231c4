"""Tests of attackers with access to the network server or with a login."""

from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.battery_thermal.diagnostics import (
    async_get_config_entry_diagnostics,
)
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import device_registry as dr
from simulator.the_things_stack import HttpFault
from tests.battery_thermal.common import DOMAIN, KEY, until
from tests.battery_thermal.world import World
from tests.security.traces import LARGE, PAYLOADS, by_domain, errors, found


async def act(
    world: World, action: str, context: Context | None = None, **data: Any
) -> Any:
    """Call an action with the node as target."""
    (device,) = dr.async_entries_for_config_entry(
        dr.async_get(world.hass), world.entry.entry_id
    )
    return await world.hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device.id, **data},
        blocking=True,
        context=context,
        return_response=True,
    )


async def until_requested(world: World, requests: int) -> None:
    """Wait until the stand-in has received more than `requests` HTTP requests."""
    await until(lambda: len(world.stack.http.requests) > requests)


async def test_crafted_messages(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Crafted messages are counted and change nothing; the next image is received."""
    caplog.set_level("INFO")
    caplog.set_level("DEBUG", "custom_components")
    await world.image()
    before = by_domain(world.hass, world.entry), world.state("sensor", "maximum").state
    rejected = world.record.rejected.total()
    for text in PAYLOADS:
        quoted = text.encode("unicode_escape").replace(b'"', b"").decode("ascii")
        quoted = quoted.replace("\\x", "\\u00").replace("'", "")
        for crafted in (
            f'{{"uplink_message": "{quoted}"}}',
            f'{{"uplink_message": {{"f_port": 1, "frm_payload": "{quoted}"}}}}',
            f'{{"end_device_ids": {{"device_id": "{quoted}"}}, "uplink_message": 1}}',
            text,
        ):
            world.device.publish_raw("up", crafted.encode())
    for payload in (b"\xff" * 100, b""):
        world.device.publish_raw("up", payload)
    await until(lambda: world.record.rejected.total() >= rejected + 4 * len(PAYLOADS))
    # A message that is too large ends the connection, which is then opened again.
    for payload in (b"x" * LARGE, b"[" * LARGE):
        connections = world.connections
        world.device.publish_raw("up", payload)
        await world.reconnected(connections)
    await world.step()
    assert (
        by_domain(world.hass, world.entry),
        world.state("sensor", "maximum").state,
    ) == before
    assert await world.image()
    assert not errors(caplog)
    diagnostics = await async_get_config_entry_diagnostics(world.hass, world.entry)
    # At the end, because Home Assistant writes its files as when it stops.
    assert not await found(world.hass, PAYLOADS, caplog.text, diagnostics)


async def test_keys_stay_secret(
    world: World, hass_ws_client: WebSocketGenerator, caplog: pytest.LogCaptureFixture
) -> None:
    """The API key is in the config entry's storage and nowhere else, whatever fails."""
    caplog.set_level("INFO")
    caplog.set_level("DEBUG", "custom_components")
    hass = world.hass
    connections = world.connections
    assert await hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)
    await world.image()
    for fault in (
        HttpFault(500),
        HttpFault(0),
        HttpFault(429, retry_after=1),
        HttpFault(200, body=KEY.encode()),
        HttpFault(403),
        HttpFault(404),
    ):
        world.stack.faults.http.append(fault)
        requests = len(world.stack.http.requests)
        await world.call("number", "threshold", "set_value", value=60 + requests % 30)
        await world.pass_time(6)
        await until_requested(world, requests)
        await world.step()
    world.device.publish_raw("up", f'{{"key": "{KEY}"}}'.encode())
    await world.step()
    answers = [
        await act(world, "get_image"),
        await act(world, "request_settings", fan=True),
    ]
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": f"{DOMAIN}/subscribe_nodes"})
    assert (await client.receive_json())["success"]
    answers.append((await client.receive_json())["event"])
    assert all(answers)
    diagnostics = await async_get_config_entry_diagnostics(hass, world.entry)
    world.stack.revoke_key(KEY)
    await until(lambda: hass.config_entries.flow.async_progress_by_handler(DOMAIN))
    await hass.async_block_till_done()
    await world.battery_node.async_stop()
    hass.config_entries.async_update_entry(world.entry, title="written anew")
    places = await found(hass, [KEY], caplog.text, diagnostics, *answers)
    assert places == [f"{KEY!r} in .storage/core.config_entries"]


def climbing(folder: Path) -> list[str]:
    """Return names of files outside of a folder, written in several ways."""
    outside = folder.parent / "outside"
    outside.mkdir(exist_ok=True)
    (folder / "link").symlink_to(outside)
    for suffix in ".csv", ".gif":
        (outside / f"file{suffix}").write_text("theirs")
        (folder / f"file{suffix}").symlink_to(outside / f"file{suffix}")
    return [
        "/etc/images.csv",
        str(outside / "images.csv"),
        f"{folder}/../outside/images.csv",
        f"{folder}/link/images.csv",
        f"{folder}/file.csv",
        "images.csv",
        "../images.csv",
        f"{folder}/\x00/images.csv",
        f"{folder}/{'x' * 300}.csv",
        f"{folder}2/images.csv",
        f"{folder}/secrets.yaml",
        f"{folder}/.storage",
    ]


async def test_files_outside(world: World, tmp_path: Path) -> None:
    """A file is only written where Home Assistant permits it."""
    folder = tmp_path / "allowed"
    folder.mkdir()
    world.hass.config.allowlist_external_dirs = {str(folder)}
    await world.image()
    span: dict[str, Any] = {"start": "2000-01-01 00:00:00"}
    for name in climbing(folder):
        for action, suffix in (("export", ".csv"), ("create_timelapse", ".gif")):
            path = name.replace(".csv", suffix)
            with pytest.raises(HomeAssistantError):
                await act(world, action, filename=path, **span)
    outside = list((tmp_path / "outside").iterdir())
    assert sorted(file.read_text() for file in outside) == ["theirs", "theirs"]
    # A link to a file that does not exist is replaced, not followed.
    (folder / "new.csv").symlink_to(tmp_path / "outside" / "new.csv")
    for name in "images.csv", "new.csv":
        await act(world, "export", filename=str(folder / name), **span)
        assert (folder / name).is_file()
        assert not (folder / name).is_symlink()
    assert sorted((tmp_path / "outside").iterdir()) == sorted(outside)


async def test_few_rights(
    world: World,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
    hass_read_only_user: MockUser,
) -> None:
    """A user without permission gets nothing; a read-only user cannot set or write anything."""
    await world.image()
    context = Context(user_id=hass_read_only_user.id)
    for action, data in (
        ("request_settings", {"fan": True}),
        ("export", {"start": "2000-01-01", "filename": "/tmp/images.csv"}),  # noqa: S108
    ):
        with pytest.raises(Unauthorized):
            await act(world, action, context, **data)
    client = await hass_ws_client(world.hass, hass_read_only_access_token)
    hass_read_only_user.mock_policy({})
    await client.send_json_auto_id({"type": f"{DOMAIN}/subscribe_nodes"})
    assert (await client.receive_json())["success"]
    assert (await client.receive_json())["event"]["nodes"] == {}
    with pytest.raises(Unauthorized):
        await act(world, "get_image", context)


async def test_strangers(
    hass: HomeAssistant, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Unknown devices that send like a node are offered once, five at most; others are not."""
    await world.image()
    for number in range(50):
        stranger = world.stack.add_device(f"stranger-{number}")
        await stranger.join()
        for count in range(3):
            await stranger.uplink(1, count, bytes(37 if number < 20 else 5))
    await world.step()
    await hass.async_block_till_done()
    assert len(hass.config_entries.flow.async_progress_by_handler(DOMAIN)) == 5
    assert not errors(caplog)
