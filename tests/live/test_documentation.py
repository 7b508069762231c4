"""The commands of the documentation, run as they stand there.

Only what a reader is told to fill in is filled in: addresses, ports, and the token.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
import json
import os
from pathlib import Path
import shutil
from typing import Any

import aiohttp
from PIL import Image
import pytest
import pytest_asyncio

from demo.proof import until
from demo.show import Show
from simulator.node import Mode
from tests.documentation.pages import REPOSITORY, Block, blocks

from .conftest import missing

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

REST = REPOSITORY / "docs" / "rest.md"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def show(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Show]:
    """Run everything; the node sends a line four times a second."""
    folder = tmp_path_factory.mktemp("documentation")
    async with Show(folder, people=False, line_seconds=0.25) as show:
        yield show


class Reader:
    """Somebody with a shell who does what the pages say."""

    def __init__(self, folder: Path, filled_in: dict[str, str]) -> None:
        """Work in ``folder``; lines of the pages are replaced by what is ``filled_in``."""
        for program in "curl", "mosquitto_pub":
            if shutil.which(program) is None:
                missing(program)
        self.folder = folder
        self._filled_in = filled_in
        self._before = ""

    def prepare(self, block: Block) -> None:
        """Run a block before each of the following ones, in the same shell."""
        self._before += self._fill_in(block.text)

    async def run(self, block: Block) -> str:
        """Run a block, and return what it says; a command that fails is an error."""
        script = self._before + self._fill_in(block.text)
        process = await asyncio.create_subprocess_exec(
            *("bash", "-euo", "pipefail", "-c", script),
            cwd=self.folder,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complaints = await process.communicate()
        assert process.returncode == 0, (
            f"{block.place}: {said.decode()}{complaints.decode()}"
        )
        return said.decode()

    def _fill_in(self, text: str) -> str:
        for line, mine in self._filled_in.items():
            text = text.replace(line, mine)
        return text


def answers(said: str) -> list[Any]:
    """Return the JSON texts that stand one after the other in an output."""
    found, decoder = [], json.JSONDecoder()
    while said := said.lstrip():
        value, end = decoder.raw_decode(said)
        found.append(value)
        said = said[end:]
    return found


# --- docs/rest.md ----------------------------------------------------------------------------------------------------


class Caller:
    """Somebody who goes through docs/rest.md with curl and over the WebSocket."""

    def __init__(self, show: Show, folder: Path) -> None:
        """Fill in the address and the token."""
        self.token = show.home_assistant.tokens["access_token"]
        self.show = show
        self.node = ""
        self.reader = Reader(
            folder,
            {
                "HA=http://homeassistant.local:8123": f"HA={show.home_assistant.url}",
                "TOKEN=paste-the-token-here": f"TOKEN={self.token}",
            },
        )
        self._blocks = {
            language: [block for block in blocks(REST) if block.language == language]
            for language in ("sh", "json")
        }

    async def begin(self) -> None:
        """Do what stands before the routes; it says the id of the node's device."""
        for block in self._of("Before you begin", "sh"):
            self.node = (await self.reader.run(block)).strip()
            # What it says need not be said each time.
            self.reader.prepare(
                Block(
                    block.page, block.section, "sh", f"{{\n{block.text}}} >/dev/null\n"
                )
            )

    def _of(self, section: str, language: str) -> list[Block]:
        found = [b for b in self._blocks[language] if b.section == section]
        assert found, f"nothing under {section}"
        return found

    async def curl(self, section: str) -> list[Any]:
        """Run the shell blocks of a section, and return the JSON they answer."""
        said = [await self.reader.run(block) for block in self._of(section, "sh")]
        return answers("".join(said))

    @asynccontextmanager
    async def socket(
        self, section: str, changed: tuple[str, str] = ("", ""), number: int = 0
    ) -> AsyncGenerator[Socket]:
        """Open a WebSocket, and send what the section says, or that with a change."""
        [login] = self._of("Before you begin", "json")
        message = self._of(section, "json")[number]
        url = f"{self.show.home_assistant.url}/api/websocket"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
            assert (await ws.receive_json())["type"] == "auth_required"
            await ws.send_str(login.text.replace("$TOKEN", self.token))
            assert (await ws.receive_json())["type"] == "auth_ok"
            await ws.send_str(
                message.text.replace("$NODE", self.node).replace(*changed)
            )
            result = await ws.receive_json()
            assert result["type"] == "result"
            assert result["success"], result
            yield Socket(ws, result["result"])


class Socket:
    """A connection, and what the first command on it has answered."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, result: Any) -> None:
        """Take over a connection."""
        self._ws = ws
        self.result = result

    async def event(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first event of which something holds."""
        async with asyncio.timeout(30):
            while True:
                event: dict[str, Any] = (await self._ws.receive_json())["event"]
                if holds(event):
                    return event


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def caller(
    show: Show, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Caller]:
    """Have somebody who has begun."""
    caller = Caller(show, tmp_path_factory.mktemp("caller"))
    await caller.begin()
    yield caller


async def test_each_old_route_is_there() -> None:
    """The seven routes of the owner's document and the socket events have a section, with calls of both kinds."""
    routes = ["downlink", "fan", "mode", "threshold", "image", "env_temp", "request"]
    for language in "sh", "json":
        sections = {block.section for block in blocks(REST, language)}
        assert {f"/{route}" for route in routes} <= sections
    ids = [json.loads(block.text).get("id") for block in blocks(REST, "json")]
    assert ids == [None, *range(1, len(ids))]


async def test_threshold(caller: Caller) -> None:
    """The node gets it; state and attribute say how far it is."""
    *_, state = await caller.curl("/threshold")
    assert state["attributes"]["wanted"] == 45
    node = caller.show.world.node
    await until("the threshold", lambda: node.threshold, lambda now: now == 45)
    async with caller.socket("/threshold"):
        await until("the threshold", lambda: node.threshold, lambda now: now == 50)


async def test_fan(caller: Caller) -> None:
    """The fan runs, and stops."""
    node = caller.show.world.node
    *_, state = await caller.curl("/fan")
    assert state["attributes"]["asked"] is True
    await until("the fan", lambda: node.fan_running, lambda runs: runs)
    async with caller.socket("/fan"):
        await until("the fan", lambda: node.fan_running, lambda runs: not runs)


async def test_mode(caller: Caller) -> None:
    """The node takes slow images, and fast ones again."""
    node = caller.show.world.node
    *_, state = await caller.curl("/mode")
    assert state["attributes"]["wanted"] == "slow"
    await until("the mode", lambda: node.mode, lambda mode: mode is Mode.SLOW)
    async with caller.socket("/mode"):
        await until("the mode", lambda: node.mode, lambda mode: mode is Mode.FAST)


async def test_request(caller: Caller) -> None:
    """All three settings at once; the answer says what became of them, and has what the page says it has."""
    node = caller.show.world.node
    [answer] = await caller.curl("/request")
    response = answer["service_response"]
    assert response["threshold"] == node.threshold == 55
    assert response["payload"] == "d037"
    assert not response["pending"]
    async with caller.socket("/request") as socket:
        response = socket.result["response"]
    assert response["threshold"] == node.threshold == 60
    [text] = [
        part for part in REST.read_text().split("\n## ") if part[:8] == "/request"
    ]
    assert all(f"`{key}`" in text for key in response)


async def test_refusals(caller: Caller) -> None:
    """What cannot be is answered with 400, over the WebSocket with the reason."""
    [block] = [block for block in blocks(REST, "sh") if block.section == "/request"]
    changed = block.text.replace("--fail-with-body", "-w ' %{http_code}'")
    wrong = replace(block, text=changed.replace('"threshold": 55', '"threshold": 999'))
    assert await caller.reader.run(wrong) == "400: Bad Request 400"
    with pytest.raises(AssertionError, match="value must be at most 300"):
        async with caller.socket("/request", ('"threshold": 60', '"threshold": 999')):
            pass


async def test_downlink(caller: Caller) -> None:
    """What became of the last downlink; and the next one's steps as they come."""
    event, pending = await caller.curl("/downlink")
    assert event["attributes"]["event_type"] in event["attributes"]["event_types"]
    assert event["attributes"]["threshold"] == 60
    assert pending["state"] == "off"
    async with caller.socket("/downlink") as socket:
        first = await socket.event(lambda event: "a" in event)
        assert len(first["a"]) == 2
        await caller.curl("/request")
        await socket.event(
            lambda event: "'event_type': 'sent'" in str(event.get("c", ""))
        )


async def test_image(caller: Caller) -> None:
    """The numbers under their old names, and the pictures as files."""
    [answer] = await caller.curl("/image")
    image = answer["service_response"]
    assert {"timestamp", "temp_min", "temp_max", "image"} <= image.keys()
    assert [len(row) for row in image["image"]] == [6] * 8
    assert max(map(max, image["image"])) == image["temp_max"]
    for name, size in ("picture.jpg", (480, 640)), ("small.jpg", (240, 320)):
        with Image.open(caller.reader.folder / name) as picture:
            assert picture.size == size
    async with caller.socket("/image") as socket:
        assert socket.result["response"].keys() == image.keys()


async def test_env_temp(caller: Caller) -> None:
    """The temperature around the node, and its changes."""
    [state] = await caller.curl("/env_temp")
    model = caller.show.world.model
    assert int(state["state"]) == model.ambient(caller.show.world.node.time)
    assert state["last_reported"]
    async with caller.socket("/env_temp") as socket:
        model.room += 5
        warmer = str(int(state["state"]) + 5)
        await socket.event(lambda event: warmer in str(event.get("c", "")))
        model.room -= 5


async def test_socket_events(caller: Caller) -> None:
    """One command tells of all; images come by themselves."""
    text = REST.read_text().partition("## The socket events")[2]
    async with caller.socket("The socket events") as socket:
        first = await socket.event(lambda event: "a" in event)
        assert len(first["a"]) == 8
        assert all(f"`{entity}`" in text for entity in first["a"])
        await socket.event(
            lambda event: "image.battery_bank_thermal_picture" in event.get("c", {})
        )
    async with caller.socket("The socket events", number=1) as socket:
        first = await socket.event(lambda event: event["nodes"])
        [node] = first["nodes"].values()
        assert node["threshold"] == caller.show.world.node.threshold
        await socket.event(lambda event: "image" in str(event["nodes"]))
