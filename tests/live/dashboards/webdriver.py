"""WebKit and Firefox on Home Assistant's pages, driven by the commands of W3C WebDriver.

Debian has a WebDriver for WebKit. For Firefox it has none, but Firefox itself reads the same
commands (Marionette). Playwright drives WebKit and Firefox only as builds of its own.
"""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
import base64
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
import json
import os
from pathlib import Path
import shutil
from typing import Any, Final, Protocol

import aiohttp

from demo.browser import stored_tokens
from demo.home_assistant import HomeAssistant
from demo.processes import free_port

STARTS_WITHIN: Final = 60
"""Seconds a browser has to start, on a busy machine."""

PATIENCE: Final = 30
"""Seconds an element has to be there."""

HTTP: Final = {
    "NewSession": ("POST", ""),
    "DeleteSession": ("DELETE", ""),
    "Navigate": ("POST", "/url"),
    "ExecuteScript": ("POST", "/execute/sync"),
    "PerformActions": ("POST", "/actions"),
    "SetWindowRect": ("POST", "/window/rect"),
    "TakeScreenshot": ("GET", "/screenshot"),
}
"""Method and path of the commands in use (W3C WebDriver, section 6.3, endpoints)."""

FIND: Final = """
const every = (root) => [...root.querySelectorAll("*")].flatMap((element) =>
  element.shadowRoot ? [element, ...every(element.shadowRoot)] : [element]);
const [selectors, text] = arguments;
let found = [document];
for (const selector of selectors) {
  found = found.flatMap((root) => [root, root.shadowRoot].flatMap((one) => (one ? every(one) : [])));
  found = [...new Set(found)].filter((element) => element.matches(selector));
}
found = found.filter((element) => element.textContent.includes(text));
"""
"""`found`: elements with a text, also in shadow trees; each selector below the one before."""

LOG_ERRORS: Final = """
window.seenErrors = [];
// Home Assistant's own pages cause this one.
const own = (message) => !/^ResizeObserver loop/.test(message);
addEventListener("error", ({ message }) => own(message) && seenErrors.push(message));
addEventListener("unhandledrejection", ({ reason }) => seenErrors.push(String(reason)));
"""

type Point = tuple[float, float]


class Driver(Protocol):
    """What reads commands of W3C WebDriver."""

    async def send(self, command: str, parameters: Mapping[str, Any]) -> Any:
        """Send a command, and return its value. Raises RuntimeError if it fails."""
        ...


class Other:
    """A page of a browser other than Chromium."""

    def __init__(self, driver: Driver, url: str) -> None:
        """Initialize for the address of Home Assistant."""
        self._driver = driver
        self._url = url

    async def evaluate(self, script: str, *arguments: Any) -> Any:
        """Return what a function body returns in the page."""
        return await self._driver.send(
            "ExecuteScript",
            # Firefox would run it in a sandbox of its own.
            {"script": script, "args": arguments, "sandbox": None},
        )

    async def open(self, path: str) -> None:
        """Open a page, and log its errors from then on."""
        await self._driver.send("Navigate", {"url": f"{self._url}{path}"})
        await self.evaluate(LOG_ERRORS)

    async def errors(self) -> list[str]:
        """Return the errors of the page."""
        errors: list[str] = await self.evaluate("return window.seenErrors")
        return errors

    async def count(self, *selectors: str, text: str = "") -> int:
        """Return how many elements there are; see `FIND`."""
        count: int = await self.evaluate(f"{FIND} return found.length", selectors, text)
        return count

    async def attribute(self, name: str, *selectors: str, text: str = "") -> str:
        """Return an attribute of the first of some elements, once there is one."""
        return str(
            await self._first(
                "return element.getAttribute(arguments[2])", selectors, text, name
            )
        )

    async def text(self, *selectors: str) -> str:
        """Return the text of the first of some elements, once there is one."""
        return str(await self._first("return element.textContent.trim()", selectors))

    async def box(self, *selectors: str, text: str = "") -> tuple[Point, Point]:
        """Return place and size of an element, which is scrolled to the middle of the page, once it stays there."""
        before, now = None, await self._box(selectors, text)
        async with asyncio.timeout(PATIENCE):
            while now != before:
                await asyncio.sleep(0.2)
                before, now = now, await self._box(selectors, text)
        x, y, width, height = now
        return (x, y), (width, height)

    async def _box(self, selectors: Sequence[str], text: str) -> list[float]:
        box: list[float] = await self._first(
            'element.scrollIntoView({ block: "center", behavior: "instant" });'
            "const { x, y, width, height } = element.getBoundingClientRect();"
            "return [x, y, width, height]",
            selectors,
            text,
        )
        return box

    async def colours(self, *selectors: str) -> int:
        """Return how many colours a canvas shows, of some hundred places."""
        return int(
            await self._first(
                "const { width, height } = element; const pen = element.getContext('2d');"
                "const seen = new Set(); for (let row = 1; row < 20; row++)"
                " for (let column = 1; column < 20; column++) seen.add(String(pen.getImageData("
                "Math.floor(width * column / 20), Math.floor(height * row / 20), 1, 1).data));"
                "return seen.size",
                selectors,
            )
        )

    async def click(self, *selectors: str, text: str = "") -> None:
        """Click on the middle of an element."""
        (x, y), (width, height) = await self.box(*selectors, text=text)
        await self.point((x + width / 2, y + height / 2))

    async def focus(self, *selectors: str) -> None:
        """Give an element the focus."""
        await self._first("element.focus()", selectors)

    async def _first(
        self, script: str, selectors: Sequence[str], text: str = "", *more: Any
    ) -> Any:
        async with asyncio.timeout(PATIENCE):
            while not await self.count(*selectors, text=text):
                await asyncio.sleep(0.2)
        return await self.evaluate(
            f"{FIND} const element = found[0]; {script}", selectors, text, *more
        )

    async def point(self, *points: Point, by: str = "mouse") -> None:
        """Press the mouse, or put a finger, on the first point, move over the others, release."""
        moves = [
            {"type": "pointerMove", "duration": 100, "x": round(x), "y": round(y)}
            for x, y in points
        ]
        down, up = (
            {"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")
        )
        await self._act(
            {
                "type": "pointer",
                "id": by,
                "parameters": {"pointerType": by},
                "actions": [moves[0], down, *moves[1:], up],
            }
        )

    async def press(self, keys: str) -> None:
        """Press one key after the other. Others than letters: WebDriver, section 17.4.2."""
        await self._act(
            {
                "type": "key",
                "id": "keyboard",
                "actions": [
                    {"type": kind, "value": key}
                    for key in keys
                    for kind in ("keyDown", "keyUp")
                ],
            }
        )

    async def _act(self, source: Mapping[str, Any]) -> None:
        await self._driver.send("PerformActions", {"actions": [source]})

    async def screenshot(self, file: Path) -> None:
        """Save a screenshot."""
        encoded = await self._driver.send("TakeScreenshot", {"full": False})
        _write(file, base64.b64decode(encoded))


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


class Http:
    """A driver that reads commands by HTTP."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        """Initialize for an HTTP session with the driver's address."""
        self._session = session
        self._path = "/session"

    async def send(self, command: str, parameters: Mapping[str, Any]) -> Any:
        """Send a command, and return its value."""
        method, path = HTTP[command]
        body = dict(parameters) if method == "POST" else None
        async with self._session.request(
            method, f"{self._path}{path}", json=body
        ) as answer:
            value = (await answer.json())["value"]
            if answer.status != 200:
                raise RuntimeError(f"{command}: {value}")
        if command == "NewSession":
            self._path = f"/session/{value['sessionId']}"
        return value


class Marionette:
    """The driver in Firefox: commands and answers are JSON after its length."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Initialize for a connection."""
        self._reader = reader
        self._writer = writer
        self._number = 0

    async def receive(self) -> Any:
        """Receive one message."""
        length = await self._reader.readuntil(b":")
        return json.loads(await self._reader.readexactly(int(length[:-1])))

    async def send(self, command: str, parameters: Mapping[str, Any]) -> Any:
        """Send a command, and return its value."""
        self._number += 1
        message = [0, self._number, f"WebDriver:{command}", dict(parameters)]
        packed = json.dumps(message).encode()
        self._writer.write(b"%d:%s" % (len(packed), packed))
        _, _, error, value = await self.receive()
        if error:
            raise RuntimeError(f"{command}: {error}")
        return value["value"] if list(value or ()) == ["value"] else value


def find_firefox() -> str | None:
    """Return the path of Firefox."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def find_webkit() -> str | None:
    """Return the path of WebKit's driver; it needs a display, which Xvfb is."""
    return shutil.which("WebKitWebDriver") if shutil.which("Xvfb") else None


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment of a browser that leaves nothing outside of a folder.

    Firefox does not start if the home of the user that it runs as is another user's.
    """
    return os.environ | {"HOME": str(folder)}


@asynccontextmanager
async def open_firefox(folder: Path) -> AsyncGenerator[Driver]:
    """Start Firefox without a window, with a profile in this folder."""
    program = find_firefox()
    assert program
    port = free_port()
    (folder / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
    process = await asyncio.create_subprocess_exec(
        *(program, "--headless", "--marionette", "--no-remote", "--profile", folder),
        env=_environment(folder),
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        async with asyncio.timeout(STARTS_WITHIN):
            while True:
                try:
                    streams = await asyncio.open_connection("127.0.0.1", port)
                    break
                except OSError:
                    await asyncio.sleep(0.2)
            driver = Marionette(*streams)
            await driver.receive()
            await driver.send("NewSession", {})
        yield driver
        streams[1].close()
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def open_webkit(folder: Path) -> AsyncGenerator[Driver]:
    """Start WebKit on a display of its own, with a profile in this folder."""
    program = find_webkit()
    assert program
    port = free_port()
    async with AsyncExitStack() as exits:
        display = await asyncio.create_subprocess_exec(
            *("Xvfb", "-displayfd", "1", "-screen", "0", "1400x1000x24"),
            stdout=PIPE,
            stderr=DEVNULL,
        )
        exits.callback(display.terminate)
        assert display.stdout
        number = (await display.stdout.readline()).decode().strip()
        process = await asyncio.create_subprocess_exec(
            *(program, f"--port={port}"),
            env=_environment(folder)
            | {"DISPLAY": f":{number}", "LIBGL_ALWAYS_SOFTWARE": "1"},
            stdout=DEVNULL,
            stderr=DEVNULL,
        )
        exits.callback(process.terminate)
        session = await exits.enter_async_context(
            aiohttp.ClientSession(f"http://127.0.0.1:{port}")
        )
        driver = Http(session)
        async with asyncio.timeout(STARTS_WITHIN):
            while True:
                try:
                    await driver.send("NewSession", {"capabilities": {}})
                    break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.2)
        # Otherwise the browser stays.
        exits.push_async_callback(driver.send, "DeleteSession", {})
        yield driver


async def logged_in(driver: Driver, home_assistant: HomeAssistant) -> Other:
    """Return a page of the demo's user."""
    page = Other(driver, home_assistant.url)
    await driver.send("SetWindowRect", {"width": 1300, "height": 950})
    await page.open("/auth/authorize")
    await page.evaluate(
        "localStorage.setItem('hassTokens', arguments[0])",
        stored_tokens(home_assistant),
    )
    return page
