"""Tests of setting up an application on ChirpStack and its nodes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
import ssl
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.battery_thermal.flows import application_steps
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator.chirpstack import ChirpStackDevice, ChirpStackWithBroker
from simulator.chirpstack.attempts import DEV_EUI
from simulator.mqtt.broker import User

from .certificates import self_signed
from .common import DOMAIN, fields_of, until
from .test_config_flow import finish

LINE = bytes([200, 0, 201] * 16 + [21])


@pytest.fixture
async def server() -> AsyncIterator[ChirpStackWithBroker]:
    """Return a ChirpStack with its own broker."""
    async with ChirpStackWithBroker(qos=1) as server:
        yield server


@pytest.fixture
def device(server: ChirpStackWithBroker) -> ChirpStackDevice:
    """Return a device of the server."""
    return server.add_device(DEV_EUI, name="Garage", frame_counter_check=False)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait only a moment for messages."""
    monkeypatch.setattr(application_steps, "LISTEN_FOR", 0.3)


def answers(server: ChirpStackWithBroker, **changes: Any) -> dict[str, Any]:
    """Return the input for a broker."""
    return {
        "host": "127.0.0.1",
        "mqtt_port": server.mqtt_port,
        "tls": False,
        "application": server.application_id,
    } | changes


def chirpstack_data(server: ChirpStackWithBroker, **changes: Any) -> dict[str, Any]:
    """Return the data of the config entry."""
    data = {
        "server": "chirpstack",
        "event_prefix": "",
        "command_prefix": "",
        "client_id": "ha-0123456789abcdef0123",
    }
    return answers(server) | data | changes


async def start(hass: HomeAssistant, form: str = "chirpstack") -> str:
    """Open the flow, choose ChirpStack, and return the flow's id."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert form in result["menu_options"]
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": form}
    )
    assert result["step_id"] == form
    return result["flow_id"]


async def listened(hass: HomeAssistant, result: Any) -> Any:
    """Wait until the flow has listened; return its next step."""
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    flow = hass.config_entries.flow
    async with asyncio.timeout(5):
        while result["type"] is FlowResultType.SHOW_PROGRESS:
            await asyncio.sleep(0.05)
            await hass.async_block_till_done()
            result = await flow.async_configure(result["flow_id"])
    return result


async def test_application_then_node(
    hass: HomeAssistant, server: ChirpStackWithBroker, device: ChirpStackDevice
) -> None:
    """Received devices are listed; the application is added, then its first node."""
    flow_id = await start(hass)
    configure = hass.config_entries.flow.async_configure
    pasted = answers(server, host=" MQTT://127.0.0.1/ ", event_prefix="")
    pasted["application"] = f" {server.application_id.upper()}\n"
    result = await listened(hass, await configure(flow_id, pasted))
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["add", "listen"]
    assert result["description_placeholders"] == {"devices": "-"}

    heard = server.broker.subscriptions
    result = await configure(flow_id, {"next_step_id": "listen"})
    await until(lambda: server.broker.subscriptions > heard)
    await device.join()
    await device.uplink(1, 0, LINE)
    result = await listened(hass, result)
    assert result["description_placeholders"] == {"devices": f"- Garage ({DEV_EUI})"}

    result = await configure(flow_id, {"next_step_id": "add"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.title == "Batteries"
    client_id = entry.data["client_id"]
    assert entry.data == chirpstack_data(server, client_id=client_id)
    assert entry.state is ConfigEntryState.LOADED
    assert client_id in server.broker.sessions

    node_flow = result["next_flow"][1]
    configure_node = hass.config_entries.subentries.async_configure
    result = await configure_node(node_flow)
    options = fields_of(result)["device_id"].config["options"]
    assert options == [{"value": DEV_EUI, "label": "Garage"}]
    typed = {"device_id": "70B3:D57E:D000:123", "layout": "auto"}
    result = await configure_node(node_flow, typed)
    assert result["errors"] == {"base": "invalid_dev_eui"}
    typed["device_id"] += "4"
    result = await configure_node(node_flow, typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    (node,) = entry.subentries.values()
    assert (node.title, node.data["device_id"]) == ("Garage", DEV_EUI)
    await finish(hass, entry)


async def test_broker_of_home_assistant(
    hass: HomeAssistant, server: ChirpStackWithBroker
) -> None:
    """Address and account are copied, and only the application is entered."""
    server.broker.users = {
        "ha": User("secret"),
    }
    data = {
        "broker": "127.0.0.1",
        "port": server.mqtt_port,
        "username": "ha",
        "password": "secret",
    }
    MockConfigEntry(domain="mqtt", data=data).add_to_hass(hass)
    flow_id = await start(hass, "chirpstack_home_assistant")
    configure = hass.config_entries.flow.async_configure
    result = await listened(
        hass, await configure(flow_id, {"application": server.application_id})
    )
    result = await configure(flow_id, {"next_step_id": "add"})
    entry = result["result"]
    # No event was received that has the application's name.
    assert entry.title == server.application_id
    assert entry.data["username"] == "ha"
    assert entry.data["password"] == "secret"
    assert entry.data["mqtt_port"] == server.mqtt_port
    await finish(hass, entry)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"broker": "a", "transport": "websockets"},
    ],
)
async def test_no_broker_of_home_assistant(
    hass: HomeAssistant, data: dict[str, Any] | None
) -> None:
    """Without the MQTT integration, or with WebSockets, the form is not offered."""
    if data:
        MockConfigEntry(domain="mqtt", data=data).add_to_hass(hass)
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert "chirpstack" in result["menu_options"]
    assert "chirpstack_home_assistant" not in result["menu_options"]


def wrong_password(server: ChirpStackWithBroker) -> None:
    """Let the broker require another account."""
    server.broker.users["other"] = User("secret")


def foreign(server: ChirpStackWithBroker) -> None:
    """Limit the account to another application."""
    server.broker.users[""] = User(None, ("application/other/#",))


def reads_only(server: ChirpStackWithBroker) -> None:
    """Let the account write nothing."""
    server.broker.users[""] = User(None, ("#",), ())


def old_broker(server: ChirpStackWithBroker) -> None:
    """Let the broker not support MQTT 5."""
    server.broker.faults.only_version_4 = True


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (wrong_password, "broker_credentials"),
        (foreign, "topic_refused"),
        (reads_only, "broker_access"),
        (old_broker, "mqtt_version"),
    ],
)
async def test_refused_and_mended(
    hass: HomeAssistant,
    server: ChirpStackWithBroker,
    spoil: Callable[[ChirpStackWithBroker], None],
    error: str,
) -> None:
    """The form shows the error, and accepts the corrected input."""
    flow_id = await start(hass)
    configure = hass.config_entries.flow.async_configure
    spoil(server)
    result = await configure(flow_id, answers(server))
    assert result["errors"] == {"base": error}
    server.broker.users.clear()
    server.broker.faults.only_version_4 = False
    result = await listened(hass, await configure(flow_id, answers(server)))
    assert result["type"] is FlowResultType.MENU


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"application": "batteries"}, "invalid_application_id"),
        ({"event_prefix": "+"}, "invalid_prefix"),
        ({"command_prefix": "a"}, "nobody_listens"),
        ({"host": "a" * 70}, "invalid_host"),
        ({"mqtt_port": 1}, "cannot_connect"),
        ({"tls": True}, "tls_failed"),
        ({"tls": True, "ca_certificate": "x"}, "invalid_ca"),
        ({"tls": True, "client_certificate": "x"}, "invalid_client_certificate"),
        (
            {"tls": True, "client_certificate": "x", "client_key": "y"},
            "invalid_client_certificate",
        ),
    ],
)
async def test_wrong_answers(
    hass: HomeAssistant,
    server: ChirpStackWithBroker,
    changes: dict[str, Any],
    error: str,
) -> None:
    """Each wrong input has its own error."""
    flow_id = await start(hass)
    result = await hass.config_entries.flow.async_configure(
        flow_id, answers(server, **changes)
    )
    # A server without TLS may also just close the connection.
    also = {"cannot_connect"} if error == "tls_failed" else set()
    assert result["errors"]
    assert result["errors"]["base"] in {error} | also


async def test_protobuf(
    hass: HomeAssistant, server: ChirpStackWithBroker, device: ChirpStackDevice
) -> None:
    """Protobuf is detected with the first message, and shown in the form."""
    server.json = False
    flow_id = await start(hass)
    configure = hass.config_entries.flow.async_configure
    # The first connection is the check, the second one listens.
    result = await configure(flow_id, answers(server))
    await until(lambda: server.broker.subscriptions == 2)
    await device.join()
    result = await listened(hass, result)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "protobuf"}
    server.json = True
    result = await listened(hass, await configure(flow_id, answers(server)))
    assert result["type"] is FlowResultType.MENU


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, str, str]:
    """Return a context that requires client certificates, a certificate and its key."""
    context, pem = self_signed(tmp_path)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=pem)
    (file,) = tmp_path.glob("*.pem")
    text = file.read_text()
    return context, pem, text[text.index("-----BEGIN PRIVATE") :]


async def test_client_certificate(
    hass: HomeAssistant, certificate: tuple[ssl.SSLContext, str, str]
) -> None:
    """A client may log in with its certificate."""
    context, pem, key = certificate
    async with ChirpStackWithBroker(tls=context) as server:
        server.broker.users["The Things Stack"] = User(None)
        flow_id = await start(hass)
        configure = hass.config_entries.flow.async_configure
        entered = answers(
            server,
            tls=True,
            ca_certificate=pem,
            client_certificate=pem,
            client_key=key,
        )
        result = await listened(hass, await configure(flow_id, entered))
        assert result["type"] is FlowResultType.MENU


async def test_same_application_twice(
    hass: HomeAssistant, server: ChirpStackWithBroker
) -> None:
    """An application can have one entry only."""
    data = chirpstack_data(server, host="LocalHost.")
    MockConfigEntry(domain=DOMAIN, data=data).add_to_hass(hass)
    flow_id = await start(hass)
    result = await hass.config_entries.flow.async_configure(
        flow_id, answers(server, host="localhost")
    )
    assert result["reason"] == "already_configured"


@pytest.fixture
async def entry(
    hass: HomeAssistant, server: ChirpStackWithBroker
) -> AsyncIterator[MockConfigEntry]:
    """Return an application that is set up, without nodes."""
    server.broker.users["ha"] = User("secret")
    data = chirpstack_data(server, username="ha", password="secret")
    entry = MockConfigEntry(domain=DOMAIN, title=data["application"], data=data)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    yield entry
    await hass.async_block_till_done()
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)


async def test_diagnostics(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> None:
    """They have neither the account at the broker nor the client id of the session."""
    hidden = {"username", "password", "client_id"}
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    said = {key for key, value in found["entry"].items() if value == "**REDACTED**"}
    assert said == hidden
    assert not any(
        str(entry.data[key]) in str(found) for key in ("password", "client_id")
    )


async def test_reconfigure(
    hass: HomeAssistant, server: ChirpStackWithBroker, entry: MockConfigEntry
) -> None:
    """Everything can be changed; the password is not shown again."""
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "chirpstack_reconfigure"
    shown = {
        key.schema: (key.description or {}).get("suggested_value")
        for key in fields_of(result)
    }
    assert shown["username"] == "ha"
    assert shown["password"] is None
    server.broker.users["ha"] = User("other")
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], answers(server, username="ha", password="other")
    )
    assert result["reason"] == "reconfigure_successful"
    assert entry.data["password"] == "other"
    assert entry.title == server.application_id


async def test_reconfigure_keeps_a_given_name(
    hass: HomeAssistant,
    server: ChirpStackWithBroker,
    device: ChirpStackDevice,
    entry: MockConfigEntry,
) -> None:
    """The application's name replaces its ID as a title, and no title of the owner."""
    await device.join()
    await device.uplink(1, 0, LINE)
    await until(lambda: bool(hass.config_entries.flow.async_progress()))
    for title, expected in (
        (server.application_id, "Batteries"),
        ("Garage and shed", "Garage and shed"),
    ):
        hass.config_entries.async_update_entry(entry, title=title)
        await hass.async_block_till_done()
        result = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], answers(server, username="ha", password="secret")
        )
        assert result["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        assert entry.title == expected


async def test_removed(
    hass: HomeAssistant, server: ChirpStackWithBroker, entry: MockConfigEntry
) -> None:
    """The broker discards the session of an application that is removed."""
    client_id = entry.data["client_id"]
    assert client_id in server.broker.sessions
    await hass.config_entries.async_remove(entry.entry_id)
    await until(lambda: client_id not in server.broker.sessions)


async def test_removed_while_the_broker_is_away(
    hass: HomeAssistant,
    server: ChirpStackWithBroker,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An application is removed without its broker: the session there ends by itself."""
    server.broker.users["ha"] = User("other")
    await hass.config_entries.async_remove(entry.entry_id)
    await until(lambda: "The server keeps what it has" in caplog.text)
    assert "secret" not in caplog.text
    assert not hass.config_entries.async_entries(DOMAIN)


async def test_reauth(
    hass: HomeAssistant, server: ChirpStackWithBroker, entry: MockConfigEntry
) -> None:
    """A refused account starts a reauthentication."""
    server.broker.users["ha"] = User("other")
    server.broker.cut()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "chirpstack_reauth"
    configure = hass.config_entries.flow.async_configure
    result = await configure(flow["flow_id"], {"username": "ha", "password": "wrong"})
    assert result["errors"] == {"base": "broker_credentials"}
    result = await configure(flow["flow_id"], {"username": "ha", "password": "other"})
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_discovery(
    hass: HomeAssistant,
    server: ChirpStackWithBroker,
    device: ChirpStackDevice,
    entry: MockConfigEntry,
) -> None:
    """A node that is received is offered by its name, and added with it."""
    await device.join()
    await device.uplink(1, 0, LINE)
    flows = hass.config_entries.flow
    await until(lambda: flows.async_progress_by_handler(DOMAIN))
    await hass.async_block_till_done()
    (flow,) = flows.async_progress_by_handler(DOMAIN)
    assert flow["context"]["title_placeholders"] == {"name": "Garage"}
    result = await flows.async_configure(flow["flow_id"], {"layout": "auto"})
    assert result["reason"] == "node_added"
    (node,) = entry.subentries.values()
    assert (node.title, node.unique_id) == ("Garage", DEV_EUI)
