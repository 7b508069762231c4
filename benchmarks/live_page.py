"""The live page with 200 boards that all send: loading time and load of the browser."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
import tempfile
import time

from demo.broker import Broker
from demo.browser import Browser, open_browser
from demo.home_assistant import HomeAssistant
from demo.processes import free_port
from demo.proof import until
from demo.truth import network_figure, set_up
from simulator.boards import Board, BoardKind, Broker as Address, Fleet, macs

from .figures import Section, Spread, write

BOARDS = 200
PATIENCE = 120
WATCHED = 10
"""Seconds of measuring the browser."""

PAGE = "live-page"

TILES_SHOWN = """async (count) => {
  const shown = () => {
    const all = (root) => [...root.querySelectorAll("*")].flatMap((element) =>
      element.shadowRoot ? [element, ...all(element.shadowRoot)] : [element]);
    const card = all(document).find((it) => it.localName === "esp32-sensors-live");
    return card?.shadowRoot.querySelectorAll(".board").length === count;
  };
  while (!shown()) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return { "first paint": paint.startTime / 1000, "all boards": performance.now() / 1000 };
}"""

LONG_TASKS = """async (seconds) => {
  let count = 0, longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      count++;
      longest = Math.max(longest, duration);
    }
  });
  observer.observe({ type: "longtask" });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  observer.disconnect();
  return { "long tasks": count / seconds, "longest task": longest };
}"""


@asynccontextmanager
async def page_of_boards() -> AsyncGenerator[Browser]:
    """Start a broker, Home Assistant with the page, boards that send, and a browser."""
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(Path(folder) / "broker", free_port(), "mosquitto")
        home_assistant = HomeAssistant(Path(folder) / "config", free_port())
        address = Address(broker.host, broker.port)
        boards = [Board(mac, address, kind=BoardKind.DOCUMENT) for mac in macs(BOARDS)]
        await broker.start()
        try:
            await home_assistant.start()
            try:
                await set_up(home_assistant, broker)
                await home_assistant.command(
                    "lovelace/dashboards/create",
                    url_path=PAGE,
                    title=PAGE,
                    mode="storage",
                )
                await home_assistant.command(
                    "lovelace/config/save",
                    url_path=PAGE,
                    config={"strategy": {"type": "custom:esp32-sensors"}},
                )
                async with Fleet(boards), open_browser(home_assistant) as browser:
                    await until(
                        "boards online",
                        lambda: network_figure(home_assistant, "boards_online"),
                        lambda count: count == BOARDS,
                        PATIENCE,
                    )
                    yield browser
            finally:
                await home_assistant.stop()
        finally:
            await broker.stop()


async def measure(runs: int) -> list[dict[str, float]]:
    """Return the figures of this many browsers with an empty cache."""
    results = []
    async with page_of_boards() as browser:
        for _ in range(runs):
            for phone in False, True:
                begun = time.monotonic()
                async with browser.view(phone=phone) as view:
                    await view.page.goto(f"/{PAGE}/live", wait_until="commit")
                    figures = await view.page.evaluate(TILES_SHOWN, BOARDS)
                    figures |= await view.page.evaluate(LONG_TASKS, WATCHED)
                    results.append(figures | {"phone": phone})
                print(f"  {time.monotonic() - begun:.0f} s: {figures}", flush=True)
    return results


def main(runs: int) -> None:
    """Measure ``runs`` times and write the section."""
    results = asyncio.run(measure(runs))
    rows = [
        [
            screen,
            *(
                Spread(
                    [result[key] for result in results if result["phone"] is phone],
                    unit,
                )
                for key, unit in (
                    ("first paint", "s"),
                    ("all boards", "s"),
                    ("long tasks", "a second"),
                    ("longest task", "ms"),
                )
            ),
        ]
        for screen, phone in (("desktop", False), ("phone", True))
    ]
    write(
        Section(
            f"The live page with {BOARDS} boards",
            "Chromium without a graphics card, on the same machine as Home Assistant, the broker and the boards, with an"
            " empty cache each time. Measured from the click to the first paint, and until every board is shown. Then,"
            " while all boards send light every 2 s, tasks of more than 50 ms are counted, which browsers call long tasks.",
            ["screen", "first paint", "all boards shown", "long tasks", "longest"],
            rows,
            runs,
        )
    )
