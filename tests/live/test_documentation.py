"""Tests of the commands in the documentation.

Only addresses, ports and the token are replaced, as a reader has to.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
import os
from pathlib import Path
import re
import shutil
from typing import Any, Self

import aiohttp
from PIL import Image
import pytest
import pytest_asyncio
import yaml

from demo.proof import until
from demo.show import Show
from demo.world import MACS
from simulator.node import Mode
from tests.documentation.commands import ALONE, ENDLESS
from tests.documentation.pages import REPOSITORY, Block, blocks, pages

from .conftest import missing

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

DOCS = REPOSITORY / "docs"
REST = DOCS / "rest.md"

END = "that-is-all"
"""The marker that the shell prints after each block."""


@pytest.fixture(autouse=True)
def programs(mosquitto: str) -> None:
    """Skip, or fail on a CI machine, if a program of the pages is missing."""
    for program in "curl", "mosquitto_pub":
        if shutil.which(program) is None:
            missing(program)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def show(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Show]:
    """Run the demo; the node sends four lines a second."""
    folder = tmp_path_factory.mktemp("documentation")
    async with Show(folder, people=False, line_seconds=0.25) as show:
        await enable_downlink(show)
        yield show


async def enable_downlink(show: Show) -> None:
    """Enable the event of downlinks, as docs/rest.md asks, and wait until it has a state.

    Home Assistant adds the entity when it reloads the entry, half a minute later.
    """
    home_assistant = show.home_assistant
    entity_id = "event.battery_bank_downlink"
    await home_assistant.command(
        "config/entity_registry/update", entity_id=entity_id, disabled_by=None
    )
    await until(
        "the states",
        lambda: home_assistant.get("/api/states"),
        lambda states: entity_id in {state["entity_id"] for state in states},
        seconds=60,
    )


class Reader:
    """A shell that runs the blocks of the pages one after the other."""

    def __init__(self, folder: Path, filled_in: dict[str, str]) -> None:
        """Run in ``folder``, with the replacements of ``filled_in``."""
        self._folder = folder
        self._filled_in = filled_in

    async def __aenter__(self) -> Self:
        """Start the shell."""
        self._shell = await asyncio.create_subprocess_exec(
            *("bash", "-euo", "pipefail"),
            cwd=self._folder,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the shell."""
        assert self._shell.stdin
        self._shell.stdin.close()
        await self._shell.wait()

    async def run(self, block: Block) -> str:
        """Run a block, and return its output; a command that fails ends the shell."""
        shell, text = self._shell, block.text
        assert shell.stdin
        assert shell.stdout
        for line, mine in self._filled_in.items():
            text = text.replace(line, mine)
        shell.stdin.write(f"{text}\nprintf '\\n{END}\\n'\n".encode())
        try:
            said = await shell.stdout.readuntil(f"\n{END}\n".encode())
        except asyncio.IncompleteReadError as error:
            pytest.fail(f"{block.place}: {error.partial.decode()}")
        return said.decode().removesuffix(f"\n{END}\n")


def answers(said: str) -> list[Any]:
    """Return the JSON texts of an output."""
    found, decoder = [], json.JSONDecoder()
    while said := said.lstrip():
        value, end = decoder.raw_decode(said)
        found.append(value)
        said = said[end:]
    return found


# --- docs/rest.md ----------------------------------------------------------------------------------------------------


class Caller:
    """The commands of docs/rest.md, with curl and over the WebSocket."""

    def __init__(self, show: Show, folder: Path) -> None:
        """Initialize with the address and the token."""
        self.token = show.home_assistant.tokens["access_token"]
        self.show = show
        self.node = ""
        self.folder = folder
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
        """Run the blocks before the routes; they print the id of the node's device."""
        for block in self._of("Before you begin", "sh"):
            self.node = (await self.reader.run(block)).strip()

    def _of(self, section: str, language: str) -> list[Block]:
        found = [b for b in self._blocks[language] if b.section == section]
        assert found, f"nothing under {section}"
        return found

    async def curl(self, section: str) -> list[Any]:
        """Run the shell blocks of a section, and return their JSON output."""
        said = [await self.reader.run(block) for block in self._of(section, "sh")]
        return answers("".join(said))

    @asynccontextmanager
    async def socket(
        self, section: str, changed: tuple[str, str] = ("", ""), number: int = 0
    ) -> AsyncGenerator[Socket]:
        """Open a WebSocket, and send the section's message, or a changed one."""
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
    """A connection, and the answer of its first command."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, result: Any) -> None:
        """Initialize with a connection."""
        self._ws = ws
        self.result = result

    async def event(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first event that fulfils a condition."""
        async with asyncio.timeout(30):
            while True:
                event: dict[str, Any] = (await self._ws.receive_json())["event"]
                if holds(event):
                    return event


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def caller(
    show: Show, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Caller]:
    """Return a caller that has run the first blocks."""
    caller = Caller(show, tmp_path_factory.mktemp("caller"))
    async with caller.reader:
        await caller.begin()
        yield caller


async def test_each_old_route_is_there() -> None:
    """The seven routes of the owner's document and the socket events have sections with both kinds of calls."""
    routes = ["downlink", "fan", "mode", "threshold", "image", "env_temp", "request"]
    for language in "sh", "json":
        sections = {block.section for block in blocks(REST, language)}
        assert {f"/{route}" for route in routes} <= sections
    ids = [json.loads(block.text).get("id") for block in blocks(REST, "json")]
    assert ids == [None, *range(1, len(ids))]


async def test_threshold(caller: Caller) -> None:
    """The threshold reaches the node; state and attribute show the progress."""
    *_, state = await caller.curl("/threshold")
    assert state["attributes"]["wanted"] == 45
    node = caller.show.world.node
    await until("the threshold", lambda: node.threshold, lambda now: now == 45)
    async with caller.socket("/threshold"):
        await until("the threshold", lambda: node.threshold, lambda now: now == 50)


async def test_fan(caller: Caller) -> None:
    """The fan starts and stops."""
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
    """Three settings are sent at once; the answer has the documented content."""
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
    """Invalid values are answered with status 400, over the WebSocket with the reason."""
    [block] = [block for block in blocks(REST, "sh") if block.section == "/request"]
    changed = block.text.replace("--fail-with-body", "-w ' %{http_code}'")
    wrong = replace(block, text=changed.replace('"threshold": 55', '"threshold": 999'))
    assert await caller.reader.run(wrong) == "400: Bad Request 400"
    with pytest.raises(AssertionError, match="value must be at most 300"):
        async with caller.socket("/request", ('"threshold": 60', '"threshold": 999')):
            pass


async def test_downlink(caller: Caller) -> None:
    """The state of the last downlink is returned, and changes of the next one are events."""
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
    """The values with their old names, and the pictures as files."""
    [answer] = await caller.curl("/image")
    image = answer["service_response"]
    assert {"timestamp", "temp_min", "temp_max", "image"} <= image.keys()
    assert [len(row) for row in image["image"]] == [6] * 8
    assert max(map(max, image["image"])) == image["temp_max"]
    for name, size in ("picture.jpg", (480, 640)), ("small.jpg", (240, 320)):
        with Image.open(caller.folder / name) as picture:
            assert picture.size == size
    async with caller.socket("/image") as socket:
        assert socket.result["response"].keys() == image.keys()


async def test_env_temp(caller: Caller) -> None:
    """The ambient temperature and its changes."""
    state, heard = await caller.curl("/env_temp")
    model = caller.show.world.model
    assert int(state["state"]) == model.ambient(caller.show.world.node.time)
    since = datetime.now(UTC) - datetime.fromisoformat(heard["state"])
    # The state is written once a minute, and the node sends every few seconds.
    assert timedelta() <= since < timedelta(minutes=2)
    assert datetime.fromisoformat(state["last_changed"]) <= datetime.now(UTC)
    async with caller.socket("/env_temp") as socket:
        model.room += 5
        warmer = str(int(state["state"]) + 5)
        await socket.event(lambda event: warmer in str(event.get("c", "")))
        model.room -= 5


async def test_socket_events(caller: Caller) -> None:
    """One command subscribes to all nodes; images are sent as events."""
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


async def test_boards_web_site(settled: Show, caller: Caller) -> None:
    """LED and last values of a board, and all boards with their changes."""
    [board] = [b for b in settled.world.boards.values() if b.name == "capteur01"]
    *_, answer = await caller.curl("The boards' web site")
    assert board.led
    readings = answer["service_response"]
    assert readings["led"][0]["value"] is True
    assert 0 <= readings["light"][0]["value"] <= 100
    async with caller.socket("The boards' web site") as socket:
        first = await socket.event(lambda event: event["boards"])
        assert {b["mac"] for b in first["boards"].values()} >= set(MACS)
        await socket.event(lambda event: "light" in str(event["boards"]))


# --- docs/protocol.md ------------------------------------------------------------------------------------------------


async def test_be_a_board_by_hand(show: Show, tmp_path: Path) -> None:
    """With mosquitto's clients a board joins, starts, reports, switches its LED and leaves; all is shown."""
    page = [b for b in blocks(DOCS / "protocol.md", "sh") if b.section[:4] == "Be a"]
    broker, join, start, values, confirm, plug = page
    address = f"-h {show.broker.host} -p {show.broker.port}"
    async with Reader(tmp_path, {"-h broker.local -p 1883": address}) as reader:
        await reader.run(broker)
        mac, name, session = (await reader.run(join)).strip().split(";")
        assert mac == "02:00:00:00:00:01"
        assert len(session) == 17

        async def state(entity: str) -> str:
            # The board's entities are added a moment after it has joined.
            return next(
                (
                    str(found["state"])
                    for found in await show.home_assistant.get("/api/states")
                    if found["entity_id"] == entity
                ),
                "missing",
            )

        async def shows(entity: str, wanted: str) -> None:
            entity = entity.replace("NAME", name)
            await until(entity, lambda: state(entity), lambda now: now == wanted)

        await reader.run(start)
        await shows("binary_sensor.NAME_connectivity", "on")
        await shows("switch.NAME_led", "off")
        await reader.run(values)
        await shows("sensor.NAME_light", "58")
        await shows("binary_sensor.NAME_button", "off")
        switched = asyncio.create_task(
            show.home_assistant.call(
                "switch", "turn_on", entity_id=f"switch.{name}_led"
            )
        )
        commands = tmp_path / "commands"
        command = f"{name};{session};1"
        await until("commands", commands.read_text, lambda heard: command in heard)
        await reader.run(confirm)
        await switched
        await shows("switch.NAME_led", "on")
        await reader.run(plug)
        await shows("binary_sensor.NAME_connectivity", "off")
        await shows("sensor.NAME_light", "unavailable")


# --- deploy/mosquitto/README.md --------------------------------------------------------------------------------------

STAND_INS = """
apt-get() { echo "apt-get $*"; }
systemctl() { echo "systemctl $*"; }
chown() { echo "chown $*"; }
# The program asks for the password twice.
mosquitto_passwd() { printf 'secret\\nsecret\\n' | command mosquitto_passwd "$@"; }
"""
"""Replace commands that would change this machine by a message."""


async def test_a_broker_on_a_debian_machine(tmp_path: Path) -> None:
    """The commands copy the files of tests/live/test_deploy_mosquitto.py to mosquitto's folders."""
    page = REPOSITORY / "deploy" / "mosquitto" / "README.md"
    here = tmp_path / "here"
    shutil.copytree(page.parent, here)
    system = tmp_path / "mosquitto"
    install, add = blocks(page, "sh")
    add_board = "./add-board 61:EC:ED:3B:25:B1"
    filled_in = {
        "/etc/mosquitto": str(system),
        add_board: f"{add_board} {system / 'esp32'}",
    }
    async with Reader(here, filled_in) as reader:
        await reader.run(replace(install, text=STAND_INS))
        said = await reader.run(install)
        assert "apt-get install mosquitto\n" in said
        assert said.endswith("systemctl restart mosquitto\n")
        said = await reader.run(add)
        assert "user name: board-61ECED3B25B1\n" in said
        assert said.endswith("systemctl reload mosquitto\n")
    folder = system / "esp32"
    users = [line.partition(":")[0] for line in (folder / "passwords").open()]
    assert users == ["homeassistant", "boards", "board-61ECED3B25B1"]
    assert "user board-61ECED3B25B1\n" in (folder / "acl").read_text()
    assert (system / "mosquitto.conf").read_text() == (
        here / "mosquitto.conf"
    ).read_text()
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


# --- commands that stand alone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", sorted(ALONE))
async def test_command(command: str) -> None:
    """The command has the documented effect, without an error."""
    process = await asyncio.create_subprocess_shell(
        command, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    assert said


@pytest.mark.parametrize(("command", "begun"), ENDLESS.items())
async def test_endless_command(command: str, begun: str) -> None:
    """The command starts, continues, and ends on request."""
    process = await asyncio.create_subprocess_exec(
        *command.split(), cwd=REPOSITORY, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr
    async with asyncio.timeout(60):
        while begun not in (line := (await process.stderr.readline()).decode()):
            assert line, "it has ended"
    process.terminate()
    assert await process.wait() == 0


# --- actions and automations -----------------------------------------------------------------------------------------

ENTITY = re.compile(
    r"\b(?:binary_sensor|button|camera|event|fan|image|number|select|sensor|switch)"
    r"\.(?:capteur\d\d|battery_bank|esp32_sensors)_\w+"
)


def examples(key: str) -> list[Any]:
    """Return the YAML examples of all pages that have a key, with their places."""
    return [
        pytest.param(content, id=f"{block.place}: {content.get('alias', content[key])}")
        for page in pages()
        for block in blocks(page, "yaml")
        for content in [yaml.safe_load(block.text)]
        if isinstance(content, dict) and key in content
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def settled(show: Show) -> Show:
    """Wait until all boards are online and an image has ended."""

    async def waited_for() -> set[str]:
        states = {
            state["entity_id"]: state["state"]
            for state in await show.home_assistant.get("/api/states")
        }
        boards = {e: s for e, s in states.items() if e.endswith("1_connectivity")}
        maximum = "sensor.battery_bank_maximum_temperature"
        return {*boards.values(), "" if states[maximum] == "unknown" else "on"}

    await until("boards and node", waited_for, lambda states: states == {"on"}, 60)
    return show


@pytest.mark.parametrize("example", examples("triggers"))
async def test_automation(settled: Show, example: dict[str, Any]) -> None:
    """Home Assistant accepts the automation."""
    home_assistant = settled.home_assistant
    number = f"documentation_{abs(hash(example['alias']))}"
    await home_assistant.post(f"/api/config/automation/config/{number}", example)

    async def state() -> str:
        return next(
            (
                str(found["state"])
                for found in await home_assistant.get("/api/states")
                if found["attributes"].get("id") == number
            ),
            "missing",
        )

    await until(example["alias"], state, lambda now: now == "on")


async def test_a_push_does_what_the_example_says(settled: Show) -> None:
    """The automation of the page works: one board's button switches another one's LED."""
    by_name = {board.name: board for board in settled.world.boards.values()}
    first, second = by_name["capteur01"], by_name["capteur02"]
    lit = second.led
    await first.push()
    await until("the LED", lambda: second.led, lambda now: now is not lit)
    await first.release()


async def test_entities_that_are_named(settled: Show) -> None:
    """Every entity named by a page exists when it is set up as documented, with cells."""
    home_assistant = settled.home_assistant
    named = {name for page in pages() for name in ENTITY.findall(page.read_text())}
    assert len(named) > 15
    entities = {
        entity["entity_id"]
        for entity in await home_assistant.command("config/entity_registry/list")
    }
    assert named <= entities


@pytest.mark.parametrize("example", examples("action"))
async def test_action(settled: Show, example: dict[str, Any]) -> None:
    """The action runs as documented, apart from the folder to write to.

    The last tests: *Replace board* gives the name of one board to another one.
    """
    home_assistant = settled.home_assistant
    folder = home_assistant.folder / "www"
    folder.mkdir(exist_ok=True)
    text = json.dumps(example).replace("/media/", f"{folder}/")
    await home_assistant.command("execute_script", sequence=[json.loads(text)])
    if filename := example.get("data", {}).get("filename"):
        assert (folder / filename.rpartition("/")[2]).stat().st_size
