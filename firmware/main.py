"""Runs by itself when the board starts: puts configuration, hardware and board together."""

import asyncio
from time import ticks_diff, ticks_ms

from board import Board
import config
from hardware import Hardware, Watchdog, Wifi
import mqtt

KEEPALIVE_SECONDS = 5
"""As the protocol's author recommends; brokers of this network end at 12."""

PATIENCE_MS = 600_000
"""A board that heard no broker for so long starts anew: a radio that hangs needs that."""

GOODBYE_SECONDS = 10


async def live(board: Board, watchdog: Watchdog) -> None:
    """Live, and feed the watchdog as long as there is hope."""
    life = asyncio.create_task(board.run())
    while not life.done():
        if ticks_diff(ticks_ms(), board.heard) < PATIENCE_MS:
            watchdog.feed()
        await asyncio.sleep(1)
    # Should it have ended by an error, this raises it, and the watchdog restarts the board.
    await life


def main() -> None:
    """Live until somebody presses Ctrl-C at the board's console; then say goodbye."""
    wifi = Wifi(config.WIFI_NAME, config.WIFI_PASSWORD)

    async def connect(on_message, will):
        await wifi.connect()
        return await mqtt.connect(
            config.BROKER,
            config.BROKER_PORT,
            "ESP32_" + wifi.mac.replace(":", ""),
            on_message,
            keepalive=KEEPALIVE_SECONDS,
            will=will,
            user=config.BROKER_USER,
            password=config.BROKER_PASSWORD,
        )

    hardware = Hardware(config)
    board = Board(wifi.mac, connect, hardware, config.TOPIC_PREFIX, config.OWN_TOPICS)
    watchdog = Watchdog()
    print("board", board.mac)
    try:
        asyncio.run(live(board, watchdog))
    except KeyboardInterrupt:
        watchdog.let_go()
        asyncio.run(asyncio.wait_for(board.leave(), GOODBYE_SECONDS))
        print("left")


main()
