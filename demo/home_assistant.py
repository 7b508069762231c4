"""A real Home Assistant in its own process and folder, and its owner's client."""

import asyncio
from collections.abc import Mapping
import contextlib
from pathlib import Path
import sys
from typing import Any

import aiohttp

from .client import Client, HomeAssistantError
from .configuration import CONFIGURATION, link_integrations, write_configuration
from .processes import Child, log_tail

START_SECONDS = 240
"""The first start of a new folder creates the database and may download a package that script/setup does not know."""

USERNAME = "demo"
PASSWORD = "demo-demo"

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


class HomeAssistant(Client):
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
        super().__init__(f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}")
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
        self.is_new = not (folder / ".storage" / "auth").exists()

    # --- the process ---------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start, wait until it is running, and log in (with the onboarding in a new folder)."""
        write_configuration(self.folder, self.configuration, self.host, self.port)
        if self._linked:
            link_integrations(self.folder)
        await self.child.start()
        self.session = aiohttp.ClientSession(self.url)
        async with asyncio.timeout(START_SECONDS):
            await self._until_it_answers()
            await (self._onboard() if self.is_new else self._log_in())
            self.is_new = False
            while (await self.get("/api/config"))["state"] != "RUNNING":
                await asyncio.sleep(0.2)
            await self.connect()

    async def stop(self) -> None:
        """Disconnect and stop the process as a restart does."""
        await self.disconnect()
        await self.child.stop()

    async def kill(self) -> None:
        """Disconnect and kill the process (SIGKILL)."""
        await self.disconnect()
        await self.child.kill()

    def log(self) -> str:
        """Return all log lines since the folder was created."""
        return self.child.log.read_text(errors="replace")

    async def _until_it_answers(self) -> None:
        assert self.session
        while True:
            if not self.child.running:
                raise HomeAssistantError(
                    f"Home Assistant ended while starting:\n{log_tail(self.child.log)}"
                )
            with contextlib.suppress(aiohttp.ClientError):
                # The server answers before everything is set up, but not before a login is possible.
                async with self.session.get("/manifest.json") as answer:
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
        await self.connect()
        await self.command("config/core/update", **CORE)
        await self.disconnect_websocket()
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
        assert self.session
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self._client_id,
        }
        async with self.session.post("/auth/token", data=form) as answer:
            answer.raise_for_status()
            self.tokens = await answer.json()
