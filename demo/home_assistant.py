"""A real Home Assistant in its own process and folder, and a client that uses it as a browser does."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
import contextlib
from datetime import UTC, datetime
import json
from pathlib import Path
import sys
from typing import Any

import aiohttp
from hass_client import HomeAssistantClient

from .processes import Child, log_tail

REPOSITORY = Path(__file__).parents[1]
START_SECONDS = 240
"""The first start of a new folder creates the database and may download a package that script/setup does not know."""

FLOWS = "/api/config/config_entries/flow"
SUBENTRY_FLOWS = "/api/config/config_entries/subentries/flow"

USERNAME = "demo"
PASSWORD = "demo-demo"

CONFIGURATION = """\
# Written by the demo at every start.
frontend:
config:
history:
logbook:
mobile_app:
media_source:
automation: !include automations.yaml
script: !include scripts.yaml
scene: !include scenes.yaml
logger:
  default: warning
  logs:
    custom_components.esp32_sensors: info
    custom_components.battery_thermal: info
"""

# Coordinates, units and language for Brussels.
CORE = {
    "location_name": "Demo",
    "latitude": 50.85,
    "longitude": 4.35,
    "elevation": 50,
    "time_zone": "Europe/Brussels",
    "country": "BE",
    "currency": "EUR",
    "unit_system": "metric",
    "language": "en",
}


class HomeAssistantError(Exception):
    """Home Assistant did not start, or refused a request."""


class HomeAssistant:
    """One Home Assistant: its folder, its process, and the connection of its owner."""

    def __init__(
        self,
        folder: Path,
        port: int,
        host: str = "127.0.0.1",
        *,
        linked: bool = True,
    ) -> None:
        """Take ``folder`` for its configuration, and serve on ``host``:``port``.

        The integrations of this repository are linked into it, unless ``linked`` is false: then it has what is there.
        """
        self.folder = folder
        self.configuration = CONFIGURATION
        self._linked = linked
        self.port = port
        self.host = host
        self.url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
        folder.mkdir(parents=True, exist_ok=True)
        self.child = Child(
            # Not home-assistant.log: Home Assistant writes that file itself, and starts a new one with each start.
            "home-assistant-output",
            # -P: import integrations from its folder only, not from the working directory.
            [
                *(sys.executable, "-P", "-m", "homeassistant"),
                *("-c", str(folder), "--log-no-color"),
            ],
            folder,
        )
        self.tokens: dict[str, Any] = {}
        self.is_new = not (folder / ".storage" / "auth").exists()
        self._session: aiohttp.ClientSession | None = None
        self._client: HomeAssistantClient | None = None
        self._listening: asyncio.Task[None] | None = None

    # --- the process ---------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start, wait until it is running, and log in (with the onboarding in a new folder)."""
        self._write_configuration()
        await self.child.start()
        self._session = aiohttp.ClientSession(self.url)
        async with asyncio.timeout(START_SECONDS):
            await self._until_it_answers()
            await (self._onboard() if self.is_new else self._log_in())
            self.is_new = False
            while (await self.get("/api/config"))["state"] != "RUNNING":
                await asyncio.sleep(0.2)
            await self._connect()

    async def stop(self) -> None:
        """Disconnect and stop the process as a restart does."""
        await self._disconnect()
        await self.child.stop()

    async def kill(self) -> None:
        """Disconnect and kill the process (SIGKILL)."""
        await self._disconnect()
        await self.child.kill()

    def log(self) -> str:
        """Return all log lines since the folder was created."""
        return self.child.log.read_text(errors="replace")

    def _write_configuration(self) -> None:
        (self.folder / "configuration.yaml").write_text(self.configuration)
        for name, empty in ("automations", "[]"), ("scripts", "{}"), ("scenes", "[]"):
            file = self.folder / f"{name}.yaml"
            if not file.exists():
                file.write_text(f"{empty}\n")
        if self._linked:
            self._link_integrations()
        # The address in Home Assistant's own storage. In YAML it would be on trial for five minutes.
        storage = self.folder / ".storage"
        storage.mkdir(exist_ok=True)
        http = {
            "server_port": self.port,
            "server_host": [self.host],
            "cors_allowed_origins": ["https://cast.home-assistant.io"],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": False,
            "ssl_profile": "modern",
            "use_x_frame_options": True,
            "created_at": datetime.now(UTC).isoformat(),
            "error": None,
            "error_message": None,
        }
        document = {
            "version": 2,
            "minor_version": 2,
            "key": "http",
            "data": {"stable": http, "pending": None, "yaml_migration_done": True},
        }
        (storage / "http").write_text(json.dumps(document))

    def _link_integrations(self) -> None:
        components = self.folder / "custom_components"
        components.mkdir(exist_ok=True)
        for integration in (REPOSITORY / "custom_components").glob("*/manifest.json"):
            link = components / integration.parent.name
            link.unlink(missing_ok=True)
            link.symlink_to(integration.parent)

    async def _until_it_answers(self) -> None:
        assert self._session
        while True:
            if not self.child.running:
                raise HomeAssistantError(
                    f"Home Assistant ended while starting:\n{log_tail(self.child.log)}"
                )
            with contextlib.suppress(aiohttp.ClientError):
                # The server answers before everything is set up, but not before a login is possible.
                async with self._session.get("/manifest.json") as answer:
                    if answer.ok:
                        return
            await asyncio.sleep(0.1)

    # --- a person's first minutes --------------------------------------------------------------------------------

    @property
    def _client_id(self) -> str:
        return f"{self.url}/"

    async def _onboard(self) -> None:
        """Create the owner and complete the onboarding."""
        person = {
            "name": "Demo",
            "username": USERNAME,
            "password": PASSWORD,
            "language": "en",
            "client_id": self._client_id,
        }
        created = await self._until_there("/api/onboarding/users", person)
        await self._take_tokens(created["auth_code"])
        await self._connect()
        await self.command("config/core/update", **CORE)
        await self._disconnect_websocket()
        await self._until_there("/api/onboarding/core_config", {})
        await self._until_there("/api/onboarding/analytics", {})
        last = {"client_id": self._client_id, "redirect_uri": self._client_id}
        await self._until_there("/api/onboarding/integration", last)

    async def _until_there(self, path: str, data: Mapping[str, Any]) -> Any:
        """Post to a route that may be registered a moment after the start."""
        while True:
            try:
                return await self.post(path, data)
            except aiohttp.ClientResponseError as error:
                if error.status != 404:
                    raise
            await asyncio.sleep(0.1)

    async def _log_in(self) -> None:
        start = {
            "client_id": self._client_id,
            "handler": ["homeassistant", None],
            "redirect_uri": self._client_id,
        }
        flow = await self._until_there("/auth/login_flow", start)
        answer = {
            "username": USERNAME,
            "password": PASSWORD,
            "client_id": self._client_id,
        }
        done = await self.post(f"/auth/login_flow/{flow['flow_id']}", answer)
        await self._take_tokens(done["result"])

    async def _take_tokens(self, code: str) -> None:
        assert self._session
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self._client_id,
        }
        async with self._session.post("/auth/token", data=form) as answer:
            answer.raise_for_status()
            self.tokens = await answer.json()

    # --- REST ----------------------------------------------------------------------------------------------------

    async def request(self, method: str, path: str, data: Any = None) -> bytes:
        """Return the body of an answer. Raises ``aiohttp.ClientResponseError`` unless the status is 2xx."""
        assert self._session
        token = self.tokens.get("access_token")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._session.request(
            method, path, json=data, headers=headers
        ) as answer:
            body = await answer.read()
            if not answer.ok:
                raise aiohttp.ClientResponseError(
                    answer.request_info,
                    answer.history,
                    status=answer.status,
                    message=body.decode(errors="replace")[:500],
                )
            return body

    async def get(self, path: str) -> Any:
        """Return the JSON of a GET."""
        return json.loads(await self.request("GET", path))

    async def post(self, path: str, data: Any) -> Any:
        """Return the JSON of a POST."""
        return json.loads(await self.request("POST", path, data))

    async def state(self, entity_id: str) -> dict[str, Any]:
        """Return state, attributes and times of an entity."""
        found: dict[str, Any] = await self.get(f"/api/states/{entity_id}")
        return found

    async def call(self, domain: str, action: str, **data: Any) -> None:
        """Call an action; return when it is done. Raises when it failed."""
        await self.post(f"/api/services/{domain}/{action}", data)

    async def ask(self, domain: str, action: str, **data: Any) -> Any:
        """Call an action with a response, and return the response."""
        path = f"/api/services/{domain}/{action}?return_response"
        return (await self.post(path, data))["service_response"]

    # --- WebSocket -----------------------------------------------------------------------------------------------

    async def _connect(self) -> None:
        if self._client is not None:
            return
        self._client = HomeAssistantClient(
            f"{self.url.replace('http', 'ws', 1)}/api/websocket",
            self.tokens["access_token"],
            aiohttp_session=self._session,
        )
        await self._client.connect()
        self._listening = asyncio.create_task(self._client.start_listening())

    async def _disconnect_websocket(self) -> None:
        if self._client is not None:
            await self._client.disconnect()
            self._client = None
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
            self._listening = None

    async def _disconnect(self) -> None:
        await self._disconnect_websocket()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def command(self, command: str, **data: Any) -> Any:
        """Return the result of a WebSocket command. Raises when it failed."""
        assert self._client
        return await self._client.send_command(command, **data)

    @contextlib.asynccontextmanager
    async def changes(self) -> AsyncGenerator[list[dict[str, Any]]]:
        """Collect all state changes until the block ends, in their order."""
        states: list[dict[str, Any]] = []

        def take(event: dict[str, Any]) -> None:
            # None when an entity is removed.
            if state := event["data"]["new_state"]:
                states.append(state)

        assert self._client
        stop = await self._client.subscribe_events(take, "state_changed")
        try:
            yield states
        finally:
            stop()

    # --- config flows, as the interface runs them ----------------------------------------------------------------

    async def run_flow(
        self,
        handler: str,
        *steps: Mapping[str, Any],
        source: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Run the config flow of an integration with the answers of its steps, and return its result.

        With ``source={"entry_id": ...}`` it is the entry's reconfiguration.
        """
        start = {"handler": handler, "show_advanced_options": True, **(source or {})}
        flow = await self.post(FLOWS, start)
        return await self._answer(FLOWS, flow, *steps)

    async def continue_subentry_flow(
        self, flow_id: str, *steps: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Run a subentry flow that another flow started, and return its result."""
        flow = await self.get(f"{SUBENTRY_FLOWS}/{flow_id}")
        return await self._answer(SUBENTRY_FLOWS, flow, *steps)

    async def reconfigure_subentry(
        self, entry_id: str, kind: str, subentry_id: str, answers: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Submit the form of the options of a subentry, and return the result."""
        start = {"handler": [entry_id, kind], "subentry_id": subentry_id}
        flow = await self.post(SUBENTRY_FLOWS, start)
        return await self._answer(
            SUBENTRY_FLOWS, flow, {"next_step_id": "options"}, answers
        )

    async def _answer(
        self, kind: str, flow: dict[str, Any], *steps: Mapping[str, Any]
    ) -> dict[str, Any]:
        for step in steps:
            if flow["type"] not in ("form", "menu"):
                break
            flow = await self.post(f"{kind}/{flow['flow_id']}", step)
            while flow["type"] in ("progress", "progress_done"):
                await asyncio.sleep(0.2)
                flow = await self.post(f"{kind}/{flow['flow_id']}", {})
        if flow["type"] not in ("create_entry", "abort"):
            raise HomeAssistantError(
                f"{flow['handler']} asks for more: step {flow.get('step_id')}, errors {flow.get('errors')}"
            )
        return flow

    async def entries(self, domain: str) -> list[dict[str, Any]]:
        """Return the config entries of an integration."""
        found: list[dict[str, Any]] = await self.command(
            "config_entries/get", domain=domain
        )
        return found
