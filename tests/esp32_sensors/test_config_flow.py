"""Tests of the config flow."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
import time
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.config_flow import Esp32SensorsConfigFlow
from custom_components.esp32_sensors.const import CONF_PREFIX, DOMAIN
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_MQTT,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo

from .conftest import MAC, FakeBoard, SetUp

type Discover = Callable[..., Coroutine[Any, Any, ConfigFlowResult]]


@pytest.fixture
def discover(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> Discover:
    """Return a function that passes a message to the flow as the MQTT integration does."""

    async def discover(
        topic: str, payload: str = MAC, retain: bool = False
    ) -> ConfigFlowResult:
        return await hass.config_entries.flow.async_init(
            DOMAIN,
            context={"source": SOURCE_MQTT},
            data=MqttServiceInfo(
                topic=topic,
                payload=payload,
                qos=2,
                retain=retain,
                subscribed_topic=topic,
                timestamp=time.monotonic(),
            ),
        )

    return discover


@pytest.mark.parametrize(
    ("typed", "prefix", "title"),
    [
        ("", "", "ESP32 network"),
        ("user/", "user/", "ESP32 network (user)"),
        (" user ", "user/", "ESP32 network (user)"),
        ("house/cellar", "house/cellar/", "ESP32 network (house/cellar)"),
    ],
)
async def test_user(set_up: SetUp, typed: str, prefix: str, title: str) -> None:
    """A network is set up in one step."""
    entry = await set_up(typed)
    assert entry.data == {CONF_PREFIX: prefix}
    assert entry.title == title


@pytest.mark.usefixtures("mqtt_mock")
@pytest.mark.parametrize("typed", ["a+", "#", "$SYS", "$share/group", "a\0b"])
async def test_user_bad_prefix(hass: HomeAssistant, typed: str) -> None:
    """An invalid prefix shows an error and can be corrected."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_PREFIX: typed}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {CONF_PREFIX: "invalid_prefix"}
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {CONF_PREFIX: ""}


@pytest.mark.parametrize("typed", ["user", "user/"])
async def test_user_twice(hass: HomeAssistant, set_up: SetUp, typed: str) -> None:
    """The same prefix in another form is the same network."""
    await set_up("user/")
    await set_up("")
    await set_up("user/user/")
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_PREFIX: typed}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_reconfigure(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: MqttMockHAClient
) -> None:
    """The prefix of a network can be changed; its boards and their names stay."""
    entry = await set_up()
    await set_up("taken/")
    board = FakeBoard(hass, mqtt_mock)
    await board.join()

    async def reconfigure(prefix: str) -> ConfigFlowResult:
        result = await hass.config_entries.flow.async_init(
            DOMAIN,
            context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id},
        )
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], {CONF_PREFIX: prefix}
        )
        await hass.async_block_till_done()
        return result

    result = await reconfigure("#")
    assert result["errors"] == {CONF_PREFIX: "invalid_prefix"}
    hass.config_entries.flow.async_abort(result["flow_id"])
    assert (await reconfigure("taken"))["reason"] == "already_configured"
    assert (await reconfigure(""))["reason"] == "reconfigure_successful"
    assert (await reconfigure("user/"))["reason"] == "reconfigure_successful"
    assert entry.title == "ESP32 network (user)"
    assert entry.unique_id == "user/state/join"
    moved = FakeBoard(hass, mqtt_mock, prefix="user/")
    await moved.join()
    assert moved.name == "capteur01"
    hass.config_entries.async_update_entry(entry, title="Cellar")
    await reconfigure("cellar/")
    assert entry.title == "Cellar"


@pytest.mark.parametrize("ignored", [False, True])
async def test_reconfigure_found_before(
    hass: HomeAssistant, set_up: SetUp, discover: Discover, ignored: bool
) -> None:
    """Discoveries of a new prefix are dropped when a network gets that prefix."""
    entry = await set_up()
    found = await discover("user/state/join")
    if ignored:
        result = await hass.config_entries.flow.async_init(
            DOMAIN,
            context={"source": SOURCE_IGNORE},
            data={"unique_id": "user/state/join", "title": "ESP32 network (user)"},
        )
        assert result["type"] is FlowResultType.CREATE_ENTRY
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_PREFIX: "user/"}
    )
    await hass.async_block_till_done()
    assert result["reason"] == "reconfigure_successful"
    assert entry.unique_id == "user/state/join"
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
    with pytest.raises(UnknownFlow):
        await hass.config_entries.flow.async_configure(found["flow_id"], {})


async def test_user_found_before(
    hass: HomeAssistant, set_up: SetUp, discover: Discover
) -> None:
    """A discovered network can be set up by its prefix."""
    await discover("user/state/join")
    assert (await set_up("user/")).unique_id == "user/state/join"
    assert not hass.config_entries.flow.async_progress()


async def test_discovered_network_set_up_meanwhile(
    hass: HomeAssistant, set_up: SetUp, discover: Discover
) -> None:
    """A discovery of a network that was set up meanwhile is aborted."""
    entry = await set_up()
    found = await discover("user/state/join")
    hass.config_entries.async_update_entry(entry, unique_id="user/state/join")
    result = await hass.config_entries.flow.async_configure(found["flow_id"], {})
    assert result["reason"] == "already_configured"


@pytest.mark.parametrize(
    ("has_entry", "page"),
    [
        (False, "/_my_redirect/config_flow_start?domain=mqtt"),
        (True, "/config/integrations/integration/mqtt"),
    ],
)
async def test_user_without_mqtt(
    hass: HomeAssistant, *, has_entry: bool, page: str
) -> None:
    """The flow is aborted without MQTT, with a link to where it is set up."""
    if has_entry:
        MockConfigEntry(
            domain="mqtt", disabled_by=ConfigEntryDisabler.USER
        ).add_to_hass(hass)
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "mqtt_unavailable"
    assert result["description_placeholders"] == {"mqtt": page}


@pytest.mark.parametrize("prefix", ["", "user/"])
@pytest.mark.parametrize("mac", [MAC, MAC.lower()])
async def test_discovered(
    hass: HomeAssistant, discover: Discover, prefix: str, mac: str
) -> None:
    """The join of a board discovers its network."""
    result = await discover(f"{prefix}state/join", mac)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "confirm"
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {CONF_PREFIX: prefix}


async def test_discovered_once(set_up: SetUp, discover: Discover) -> None:
    """A second board, or one of a known network, starts no flow."""
    await set_up("user/")
    result = await discover("user/state/join")
    assert result["reason"] == "already_configured"
    assert (await discover("state/join"))["type"] is FlowResultType.FORM
    result = await discover("state/join", "61:EC:ED:3B:25:B2")
    assert result["reason"] == "already_in_progress"


@pytest.mark.parametrize(
    ("payload", "retain"),
    [
        ("capteur01;1743946777.603371", False),
        ("hello", False),
        ("x" * 1000, False),
        ("", False),
        (MAC, True),
    ],
)
async def test_discovered_nothing(
    discover: Discover, payload: str, retain: bool
) -> None:
    """Only a join that is not retained discovers a network."""
    result = await discover("state/join", payload, retain)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_a_board"


@pytest.mark.parametrize("mac", [MAC, MAC.lower()])
@pytest.mark.parametrize("prefix", ["", "user/"])
async def test_discovered_on_its_own_topic(
    hass: HomeAssistant, discover: Discover, prefix: str, mac: str
) -> None:
    """A join on a directed topic discovers the network as well."""
    result = await discover(f"{prefix}state/join/{mac}", mac)
    assert result["step_id"] == "confirm"
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert result["data"] == {CONF_PREFIX: prefix}


@pytest.mark.parametrize(
    "topic", ["state/join/61:EC:ED:3B:25:B2", f"{'x' * 64}/state/join"]
)
async def test_discovered_impossible(discover: Discover, topic: str) -> None:
    """A join on the topic of another board or with a very long prefix discovers nothing."""
    result = await discover(topic)
    assert result["reason"] == "not_a_board"


async def test_discovered_flood(discover: Discover) -> None:
    """The number of discovered networks is limited."""
    for number in range(5):
        found = await discover(f"user{number}/state/join")
        assert found["type"] is FlowResultType.FORM
    result = await discover("user5/state/join")
    assert result["reason"] == "already_in_progress"


async def test_reconfigure_while_discovering(
    hass: HomeAssistant, set_up: SetUp, discover: Discover
) -> None:
    """A discovery whose first step is still running is aborted as well."""
    entry = await set_up()
    running, go_on = asyncio.Event(), asyncio.Event()
    confirm = Esp32SensorsConfigFlow.async_step_confirm

    async def slow(flow: Esp32SensorsConfigFlow) -> ConfigFlowResult:
        running.set()
        await go_on.wait()
        return await confirm(flow)

    with patch.object(Esp32SensorsConfigFlow, "async_step_confirm", slow):
        discovery = hass.async_create_task(discover("user/state/join"))
        await running.wait()
        result = await hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
        )
        await hass.config_entries.flow.async_configure(
            result["flow_id"], {CONF_PREFIX: "user/"}
        )
        go_on.set()
        with suppress(UnknownFlow):
            await discovery
    await hass.async_block_till_done()
    assert entry.unique_id == "user/state/join"
    assert hass.config_entries.flow.async_progress() == []
