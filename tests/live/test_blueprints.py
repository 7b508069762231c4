"""Tests of the blueprints: imported from an address, used with a real board, with notifications on a phone."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web
import pytest

from demo.broker import Broker
from demo.configuration import REPOSITORY
from demo.home_assistant import HomeAssistant
from demo.processes import free_port
from demo.proof import until
from demo.truth import entities, set_up
from simulator.boards import Board, Broker as Address

BLUEPRINTS = REPOSITORY / "blueprints"
MAC = "61:EC:ED:3B:25:B1"


class Outside:
    """A server for the internet's part: the files to import, and the app's push service."""

    def __init__(self) -> None:
        """Initialize without notifications."""
        self.pushed: list[dict[str, Any]] = []
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    async def start(self) -> web.AppRunner:
        """Serve until the runner is cleaned up."""
        app = web.Application()
        app.router.add_static("/blueprints", BLUEPRINTS)
        app.router.add_post("/push", self._push)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        return runner

    async def _push(self, request: web.Request) -> web.Response:
        self.pushed.append(await request.json())
        return web.json_response({}, status=201)


async def import_all(home_assistant: HomeAssistant, outside: Outside) -> list[str]:
    """Import every blueprint like the interface; return their paths in Home Assistant."""
    paths = []
    for file in sorted(BLUEPRINTS.glob("**/*.yaml")):
        path = file.relative_to(BLUEPRINTS)
        imported = await home_assistant.command(
            "blueprint/import", url=f"{outside.url}/blueprints/{path}"
        )
        assert imported["validation_errors"] is None, path
        await home_assistant.command(
            "blueprint/save",
            domain=path.parts[0],
            path=imported["suggested_filename"],
            yaml=imported["raw_data"],
        )
        paths.append(f"{imported['suggested_filename']}.yaml")
    return paths


async def register_phone(home_assistant: HomeAssistant, outside: Outside) -> str:
    """Register the app; return the phone's device id."""
    registration = {
        "app_data": {"push_token": "token", "push_url": f"{outside.url}/push"},
        "app_id": "app",
        "app_name": "Home Assistant",
        "app_version": "2026.10",
        "device_id": "phone",
        "device_name": "Phone",
        "manufacturer": "Maker",
        "model": "Model",
        "os_name": "Android",
        "os_version": "16",
        "supports_encryption": False,
    }
    await home_assistant.post("/api/mobile_app/registrations", registration)
    devices = await home_assistant.command("config/device_registry/list")
    (device_id,) = [device["id"] for device in devices if device["name"] == "Phone"]
    return str(device_id)


async def device_of(home_assistant: HomeAssistant, entity_id: str) -> str:
    """Return the device id of an entity."""
    entity = await home_assistant.command(
        "config/entity_registry/get", entity_id=entity_id
    )
    return str(entity["device_id"])


async def automate(
    home_assistant: HomeAssistant, paths: list[str], name: str, **inputs: Any
) -> None:
    """Save an automation of a blueprint like the interface."""
    (path,) = [path for path in paths if path.endswith(f"/{name}.yaml")]
    config = {"alias": name, "use_blueprint": {"path": path, "input": inputs}}
    await home_assistant.post(f"/api/config/automation/config/{name}", config)
    await until(
        f"automation {name}",
        lambda: home_assistant.get("/api/states"),
        lambda states: any(
            state["entity_id"] == f"automation.{name}" and state["state"] == "on"
            for state in states
        ),
    )


@pytest.mark.timeout(300)
async def test_imported_and_set_off(mosquitto: str, tmp_path: Path) -> None:
    """The LED follows the board's button; the phone shows that a board left, and clears it on its return."""
    async with AsyncExitStack() as exits:
        outside = Outside()
        exits.push_async_callback((await outside.start()).cleanup)
        broker = Broker(tmp_path / "broker", free_port(), "mosquitto")
        await broker.start()
        exits.push_async_callback(broker.stop)
        home_assistant = HomeAssistant(tmp_path / "config", free_port())
        await home_assistant.start()
        exits.push_async_callback(home_assistant.stop)
        await set_up(home_assistant, broker)

        board = Board(MAC, Address(broker.host, broker.port))
        life = asyncio.create_task(board.run())
        exits.callback(life.cancel)
        await until("session", lambda: board.started, bool)
        found = await until(
            "button",
            partial(entities, home_assistant, "binary_sensor", "button"),
            bool,
        )
        device = await device_of(home_assistant, found[MAC])

        paths = await import_all(home_assistant, outside)
        assert len(paths) == 10
        phone = await register_phone(home_assistant, outside)
        await automate(
            home_assistant, paths, "led_mirror", source=found[MAC], board=device
        )
        await automate(
            home_assistant,
            paths,
            "away",
            watched=[device],
            phone=phone,
            time={"seconds": 1},
            tell_back=False,
        )

        await board.push()
        await until("LED", lambda: board.led, bool)
        await board.release()
        await until("LED", lambda: not board.led, bool)

        name = board.name
        outside.pushed.clear()
        await board.leave()
        (notification,) = await until("pushed", lambda: outside.pushed, bool)
        assert notification["title"] == f"Silent: {name}"
        assert notification["data"]["tag"] == "automation.away"
        board.restart()
        (_, cleared) = await until(
            "pushed", lambda: outside.pushed, lambda pushed: len(pushed) == 2
        )
        assert cleared["message"] == "clear_notification"
