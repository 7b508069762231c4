"""A client of Home Assistant, which uses it as a browser does: REST, WebSocket, config flows."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
import contextlib
import json
from typing import Any

import aiohttp
from hass_client import HomeAssistantClient

RELOAD_SECONDS = 60
"""Timeout of the reload that a flow causes."""
_BEING_RELOADED = ("not_loaded", "setup_in_progress", "unload_in_progress")

ENTRIES = "/api/config/config_entries/entry"
FLOWS = "/api/config/config_entries/flow"
SUBENTRY_FLOWS = "/api/config/config_entries/subentries/flow"


class HomeAssistantError(Exception):
    """Home Assistant did not start, or refused a request."""


class Client:
    """The connection of a person who has logged in."""

    def __init__(self, url: str) -> None:
        """Initialize without a connection."""
        self.url = url
        self.tokens: dict[str, Any] = {}
        self.session: aiohttp.ClientSession | None = None
        self._client: HomeAssistantClient | None = None
        self._listening: asyncio.Task[None] | None = None

    # --- REST ----------------------------------------------------------------------------------------------------

    async def request(self, method: str, path: str, data: Any = None) -> bytes:
        """Return the body of an answer. Raises ``aiohttp.ClientResponseError`` unless the status is 2xx."""
        assert self.session
        token = self.tokens.get("access_token")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.session.request(
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

    async def connect(self) -> None:
        """Connect the WebSocket."""
        if self._client is not None:
            return
        self._client = HomeAssistantClient(
            f"{self.url.replace('http', 'ws', 1)}/api/websocket",
            self.tokens["access_token"],
            aiohttp_session=self.session,
        )
        await self._client.connect()
        self._listening = asyncio.create_task(self._client.start_listening())

    async def disconnect_websocket(self) -> None:
        """Disconnect the WebSocket."""
        if self._client is not None:
            await self._client.disconnect()
            self._client = None
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
            self._listening = None

    async def disconnect(self) -> None:
        """End all connections."""
        await self.disconnect_websocket()
        if self.session is not None:
            await self.session.close()
            self.session = None

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

        With ``source={"entry_id": ...}`` it is the entry's reconfiguration. When it
        returns, entries that the flow has changed are set up again, as with the other flows.
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
        await self._until_set_up()
        return flow

    async def _until_set_up(self) -> None:
        """Wait until no entry is being reloaded.

        A change of options reloads the entry after the flow's answer. Its entities are
        unavailable meanwhile, and Home Assistant carries out no action on them: it logs
        a warning, and answers as if it had.
        """
        async with asyncio.timeout(RELOAD_SECONDS):
            while any(
                entry["state"] in _BEING_RELOADED
                and not entry["disabled_by"]
                and entry["source"] != "ignore"
                for entry in await self.command("config_entries/get")
            ):
                await asyncio.sleep(0.02)

    async def entries(self, domain: str) -> list[dict[str, Any]]:
        """Return the config entries of an integration."""
        found: list[dict[str, Any]] = await self.command(
            "config_entries/get", domain=domain
        )
        return found
