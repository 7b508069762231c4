"""``script/demo``: set up and run the product in a real Home Assistant; ``--check`` tests it."""

import argparse
import asyncio
from contextlib import suppress
import fcntl
from pathlib import Path
import shutil
import signal
import sys

from simulator.networks import NETWORKS

from .broker import BrokerError
from .check import check
from .client import HomeAssistantError
from .home_assistant import PASSWORD, USERNAME
from .processes import end_leftovers, is_free
from .proof import NotSo
from .show import Show

SERVERS = tuple(key.replace("_", "-") for key in NETWORKS)

FOLDER = Path(__file__).parents[1] / ".demo"
MARK = ".demo"
"""A file that marks a folder as the demo's own; other folders are not changed."""


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="script/demo",
        description="Show boards and a battery node in a real Home Assistant, until Ctrl-C.",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="prove it instead, without a person, in a fresh folder; exit code 1 when a proof fails",
    )
    parser.add_argument(
        "--without-browser",
        action="store_true",
        help="leave the browser out of the proofs of --check",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="forget what earlier runs left"
    )
    parser.add_argument(
        "--port", type=int, help="Home Assistant's port (default: a free one)"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address Home Assistant listens on; 0.0.0.0 lets a phone in your network look too (the login is known to all)",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="where to keep everything (default: .demo/home, and .demo/check for --check)",
    )
    parser.add_argument(
        "--broker",
        choices=["auto", "mosquitto", "amqtt"],
        default="auto",
        help="MQTT broker (default: mosquitto when it is installed, else amqtt)",
    )
    parser.add_argument(
        "--server",
        choices=SERVERS,
        default=SERVERS[0],
        help="LoRaWAN network server of the battery node (default: %(default)s)",
    )
    parser.add_argument(
        "--format",
        choices=["lines", "compact"],
        default="lines",
        help="what the battery node sends: lines as published nodes do, or a picture in one message"
        " (--check proves both)",
    )
    return parser.parse_args()


async def run(options: argparse.Namespace, folder: Path) -> int:
    """Run until a signal arrives or the checks are done; return the exit code."""
    task = asyncio.current_task()
    assert task
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    show = Show(
        folder,
        port=options.port,
        host=options.host,
        broker=options.broker,
        line_seconds=0.25 if options.check else 2.0,
        people=not options.check,
        server=options.server.replace("-", "_"),
        compact=options.format == "compact" and not options.check,
    )
    async with show:
        if options.check:
            return await check(show, browser=not options.without_browser)
        print(f"""
Home Assistant is running: {show.home_assistant.url}{show.pages[0]}
  user name  {USERNAME}
  password   {PASSWORD}
Ctrl-C ends it. What you change is kept for the next run; --fresh starts anew.""")
        await asyncio.Event().wait()
    return 0


def main() -> int:
    """Lock the folder against a second demo, and run."""
    options = arguments()
    name = "check" if options.check else "home"
    if options.server != SERVERS[0]:
        name = f"{name}-{options.server}"
    folder = options.folder or FOLDER / name
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    # Everything below .demo/ belongs to a demo.
    if options.folder and not (folder / MARK).exists() and any(folder.iterdir()):
        print(f"error: {folder} has files that are not a demo's", file=sys.stderr)
        return 2
    (folder / MARK).touch()
    with folder.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("error: this demo runs already; end it first", file=sys.stderr)
            return 2
        end_leftovers(folder)
        # Not earlier: the file may belong to a demo that was killed.
        if options.port and not is_free(options.port, options.host):
            print(f"error: port {options.port} is taken", file=sys.stderr)
            return 2
        if options.fresh or options.check:
            shutil.rmtree(folder)
            folder.mkdir()
            (folder / MARK).touch()
        try:
            return asyncio.run(run(options, folder))
        except (BrokerError, HomeAssistantError, NotSo) as error:
            print(f"error: {error}\nThe logs are in {folder}", file=sys.stderr)
            return 1
        except KeyboardInterrupt, asyncio.CancelledError:
            with suppress(BrokenPipeError):
                print("\nEnded.")
            return 0


if __name__ == "__main__":
    sys.exit(main())
