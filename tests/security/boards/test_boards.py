"""Tests of attackers who can publish any message on any topic of the broker."""

from datetime import UTC, datetime
from itertools import product
from pathlib import Path
import stat
from unicodedata import normalize

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockHAClient,
    WebSocketGenerator,
)

from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.esp32_sensors.hub import clock
from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from tests.esp32_sensors.conftest import FakeBoard, SetUp, settle
from tests.security.traces import LARGE, PAYLOADS, by_domain, errors, found, log

TOPICS = (
    "state/join",
    "state/leave",
    "state/info",
    "led/status",
    "button/status",
    "photoresistor/status",
)

FLOOD = 1500
"""Boards that ask to join as fast as they can."""

FIRST_SESSION = datetime(2026, 11, 21, 8, 0, 0, 123456, UTC)


async def test_crafted_messages(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Crafted messages are counted and change nothing; their content is not stored or shown."""
    before = by_domain(hass, network), online.states
    counted = network.runtime_data.statistics.discarded.total()
    crafted = [
        *(text.encode() for text in PAYLOADS),
        *(f"{text};{text}".encode() for text in PAYLOADS),
        *(f"{online.name};{online.session_id};{text}".encode() for text in PAYLOADS),
        *(f"{text};{online.session_id};1".encode() for text in PAYLOADS),
        b"x" * LARGE,
        f"{online.credentials};".encode() + b"1" * LARGE,
        b"\xff" * 100,
        b";" * 100,
        b"",
    ]
    for topic, payload in product(TOPICS, crafted):
        await online.publish(topic, payload)

    discarded = network.runtime_data.statistics.discarded.total() - counted
    assert discarded == len(TOPICS) * len(crafted)
    assert (by_domain(hass, network), online.states) == before
    assert not errors(caplog)
    diagnostics = await async_get_config_entry_diagnostics(hass, network)
    # The log has the first message of each kind, with special characters escaped.
    assert not await found(hass, PAYLOADS, "", diagnostics)
    lines = log(caplog).splitlines()
    assert 0 < len(lines) <= len(network.runtime_data.statistics.discarded)
    assert all(line.isprintable() and len(line) < 300 for line in lines)


async def test_crafted_topics(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A topic whose last level is no MAC creates no board and changes none."""
    before = by_domain(hass, network), online.states
    for level in ("<b>", "..", "{{ 1 }}", "61:EC:ED:3B:25:B9", "x\ny", "x" * 60_000):
        for topic, payload in (
            ("state/join", online.mac),
            ("state/leave", online.credentials),
            ("led/status", f"{online.credentials};1"),
        ):
            await online.publish(f"{topic}/{level}", payload)
    assert (by_domain(hass, network), online.states) == before
    assert not errors(caplog)
    assert "x" * 200 not in log(caplog)


async def test_crafted_names(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A name that would break the protocol is refused; any other is treated as text."""
    name = online.name
    for text in PAYLOADS:
        wanted = text[:29]
        try:
            await hass.services.async_call(
                DOMAIN,
                "rename_board",
                {"device_id": online.device.id, "name": wanted},
                blocking=True,
            )
        except ServiceValidationError:
            continue
        assert ";" not in wanted
        await online.join()
        # Line breaks and several spaces become single spaces.
        assert online.name == normalize("NFC", " ".join(wanted.split()))
        assert online.name.isprintable()
        await online.start()
        assert online.states["online"] == "on"
    assert online.name != name


async def test_spoofed_mac(
    hass: HomeAssistant,
    network: ConfigEntry,
    mqtt_mock: MqttMockHAClient,
    online: FakeBoard,
) -> None:
    """Two boards that use one MAC are reported to the owner."""
    spoofer = FakeBoard(hass, mqtt_mock, online.mac)
    for _ in range(10):
        for one in (spoofer, online):
            await one.join()
            await one.start()
            await one.light(50)
    issues = ir.async_get(hass).issues
    network.runtime_data.async_run_checks(None)
    assert [key for key in issues if key[0] == DOMAIN and "contested" in key[1]]
    assert by_domain(hass, network)[0] == 2, "the network and one board"


async def test_flood_of_joins(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: MqttMockHAClient
) -> None:
    """The number of boards and the memory are bounded, and existing boards stay."""
    network = await set_up(board_limit=20)
    board = FakeBoard(hass, mqtt_mock)
    await board.join()
    await board.start()
    await board.light(50)
    board.waits = False
    for number in range(FLOOD):
        mac = ":".join(f"{number >> shift & 255:02X}" for shift in range(40, -8, -8))
        await board.publish("state/join", mac)
    await hass.async_block_till_done(wait_background_tasks=True)
    await settle()
    assert len(network.runtime_data.registry.boards) == 20
    assert by_domain(hass, network)[0] == 21
    assert network.runtime_data.statistics.discarded["too_many_boards"] == FLOOD - 19
    network.runtime_data.async_run_checks(None)
    assert [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]
    board.waits = True
    await board.light(70)
    assert board.states["light"] == "70"


async def test_flood_of_joins_that_need_approval(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: MqttMockHAClient
) -> None:
    """The number of waiting boards, their repair issues and the memory are bounded."""
    network = await set_up(admission="approval")
    board = FakeBoard(hass, mqtt_mock)
    board.waits = False
    for number in range(FLOOD):
        mac = ":".join(f"{number >> shift & 255:02X}" for shift in range(40, -8, -8))
        await board.publish("state/join", mac)
    network.runtime_data.async_run_checks(None)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not network.runtime_data.registry.boards
    assert len(network.runtime_data.registry.admission.waiting) <= 100
    assert len(ir.async_get(hass).issues) <= 100


async def test_no_login(
    hass: HomeAssistant,
    network: ConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Without a login, WebSocket commands and actions are refused."""
    assert await async_setup_component(hass, "api", {})
    assert await async_setup_component(hass, "websocket_api", {})
    client = await hass_client_no_auth()
    async with client.ws_connect("/api/websocket") as socket:
        assert (await socket.receive_json())["type"] == "auth_required"
        await socket.send_json({"id": 1, "type": f"{DOMAIN}/subscribe_boards"})
        assert (await socket.receive_json())["type"] == "auth_invalid"
    answer = await client.post(f"/api/services/{DOMAIN}/rename_board", json={})
    assert answer.status == 401


async def test_few_rights(
    hass: HomeAssistant,
    online: FakeBoard,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
    hass_read_only_user: MockUser,
) -> None:
    """A read-only user can only read; a user without permission gets nothing."""
    assert [group.id for group in hass_read_only_user.groups] == [GROUP_ID_READ_ONLY]
    client = await hass_ws_client(hass, hass_read_only_access_token)
    for action, data in (
        ("rename_board", {"name": "mine"}),
        ("set_led", {"led": True}),
    ):
        with pytest.raises(Unauthorized):
            await hass.services.async_call(
                DOMAIN,
                action,
                {"device_id": online.device.id, **data},
                blocking=True,
                context=Context(user_id=hass_read_only_user.id),
            )
        await client.send_json_auto_id(
            {
                "type": "call_service",
                "domain": DOMAIN,
                "service": action,
                "service_data": {"device_id": online.device.id, **data},
            }
        )
        assert not (await client.receive_json())["success"]
    hass_read_only_user.mock_policy({})
    await client.send_json_auto_id({"type": f"{DOMAIN}/subscribe_boards"})
    assert (await client.receive_json())["success"]
    event = (await client.receive_json())["event"]
    assert event["boards"] == {}
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "get_last_values",
            {"device_id": online.device.id},
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )


async def test_session_ids_stay_secret(
    hass: HomeAssistant,
    network: ConfigEntry,
    board: FakeBoard,
    *,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Session ids are in the integration's own files, and nowhere else.

    Neither is the time from which the first session id is made; nothing else happened
    at that time here.
    """
    # Home Assistant's MQTT integration logs whole messages at level debug.
    caplog.set_level("INFO")
    caplog.set_level("DEBUG", "custom_components")
    with monkeypatch.context() as then:
        then.setattr(clock, "time", FIRST_SESSION.timestamp)
        await board.join()
    assert board.session_id.startswith(f"{int(FIRST_SESSION.timestamp())}.1234")
    await board.start()
    await board.led(0)
    for value in ("2", "101", "x", ""):
        await board.light(value)
        await board.led(value)
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(
            "switch",
            "turn_on",
            {"entity_id": board.entity_id("switch", "led")},
            blocking=True,
        )
    values = await hass.services.async_call(
        DOMAIN,
        "get_last_values",
        {"device_id": board.device.id},
        blocking=True,
        return_response=True,
    )
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": f"{DOMAIN}/subscribe_boards"})
    assert (await client.receive_json())["success"]
    event = (await client.receive_json())["event"]
    assert values
    assert event["boards"]
    diagnostics = await async_get_config_entry_diagnostics(hass, network)
    places = await found(
        hass, [board.session_id], caplog.text, diagnostics, values, event
    )
    kept = [
        Path(hass.config.path(f".storage/{DOMAIN}.{network.entry_id}.{name}"))
        for name in ("leds", "sessions", "values")
    ]
    assert sorted(places) == [
        f"{board.session_id!r} in .storage/{file.name}" for file in kept
    ]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in kept)
