"""A battery node that sends the compact format: a program for a Raspberry Pi.

It replaces the published node's program. Fill in the constants below, and run it as a
service. Hardware is in raspberry_pi.py; nothing here needs any.
"""

from dataclasses import asdict, dataclass
import json
from pathlib import Path
import time
from typing import Any, Callable, Protocol, Sequence

from thermal_picture import (
    COARSEST,
    COLUMNS,
    FACTS,
    FINEST,
    LARGEST_STEP,
    ROWS,
    Picture,
    facts,
    messages,
)

PORT = 9
"""FPort of the pictures: any from 1 to 223 that lines do not use."""

FRAMES = 8
"""Camera frames of which a picture is the mean: noise costs bytes."""

PICTURE_EVERY = 20 * 60
"""Seconds from one picture to the next: 72 a day, at SF7 within fair use."""

FACTS_EVERY = 5 * 60
"""Seconds between messages without pixels while the node is over its threshold."""

BETWEEN_QUARTERS = 15
"""Seconds; at SF10 the law asks for more (EU868: 1 % of the time), which modems know."""

MAC_ANSWERS = 15
"""Bytes that answers to the network's commands may take of a message."""

SETTINGS_PORT = 1
"""FPort of downlinks."""

SETTINGS_FILE = Path("settings.json")


class TooLongError(ValueError):
    """The modem does not take a message of this length now."""


class Camera(Protocol):
    """What sees the battery."""

    def frame(self) -> Sequence[float]:
        """Return 768 temperatures in °C, row by row as one looks at the battery."""


class Modem(Protocol):
    """What carries the messages."""

    def capacity(self) -> int:
        """Return how many bytes a message may have at the present data rate."""

    def send(self, port: int, payload: bytes) -> "list[tuple[int, bytes]]":
        """Send, and return the downlinks that came back: port and bytes.

        Raises TooLongError for a message that does not fit beside MAC answers.
        """


@dataclass(frozen=True)
class Settings:
    """What Home Assistant sets; the values of a new node."""

    threshold: int = 50
    fast: bool = True
    fan: bool = False


def decode_downlink(payload: bytes) -> "Settings | None":
    """Return the settings of a downlink, None if it is none."""
    if len(payload) != 2 or payload[0] >> 6 != 3:
        return None
    threshold = (payload[0] & 0xF) << 8 | payload[1]
    if threshold >= 0xC00:
        threshold -= 0x1000
    return Settings(threshold, bool(payload[0] & 0x10), bool(payload[0] & 0x20))


def load_settings(path: Path) -> Settings:
    """Return the settings that were stored; those of a new node if there are none."""
    try:
        return Settings(**json.loads(path.read_text()))
    except (OSError, TypeError, ValueError):
        return Settings()


def store_settings(path: Path, settings: Settings) -> None:
    """Store settings so that power may fail at any time."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(asdict(settings)))
    new.replace(path)


class Node:
    """Takes pictures, decides on the fan, sends, and applies settings."""

    def __init__(
        self,
        camera: Camera,
        ambient: Callable[[], int],
        switch_fan: Callable[[bool], None],
        modem: Modem,
        *,
        settings_file: Path = SETTINGS_FILE,
        sleep: Callable[[float], Any] = time.sleep,
    ) -> None:
        """Start with the stored settings."""
        self._camera = camera
        self._ambient = ambient
        self._switch_fan = switch_fan
        self._modem = modem
        self._settings_file = settings_file
        self._sleep = sleep
        self._number = 0
        self.settings = load_settings(settings_file)
        self.fan = False
        self._maximum = 0.0

    def take_picture(self) -> Picture:
        """Return the mean of some frames, with the fan as it runs because of it."""
        sums = [0.0] * (ROWS * COLUMNS)
        for _ in range(FRAMES):
            for index, celsius in enumerate(self._camera.frame()):
                sums[index] += celsius
        self._maximum = max(sums) / FRAMES
        self._control_fan()
        ambient = min(max(self._ambient(), 0), 50)
        # The encoder clamps: 307.1 °C then means that or more.
        pixels = [round(10 * total / FRAMES) for total in sums]
        self._number += 1
        return Picture(pixels, self.fan, ambient, self._number)

    def send_picture(self) -> None:
        """Take a picture and send it: all of its messages are about this moment."""
        picture = self.take_picture()
        payloads = self._messages(picture, self._modem.capacity())
        while payloads:
            try:
                self._send(payloads[0])
            except TooLongError:
                # Answers to MAC commands take their part. They go out with this message.
                if not (payloads := self._shorter(picture, payloads)):
                    return
                continue
            del payloads[0]
            if payloads:
                self._sleep(BETWEEN_QUARTERS)

    def send_facts(self) -> None:
        """Send minimum, maximum and its place, fan and ambient."""
        self._send(facts(self.take_picture()))

    def run_once(self) -> None:
        """Send a picture, then wait for the next one; while hot, send the facts."""
        self.send_picture()
        left = float(PICTURE_EVERY)
        while self._is_hot and left > FACTS_EVERY:
            self._sleep(FACTS_EVERY)
            left -= FACTS_EVERY
            self.send_facts()
        self._sleep(left)

    def run(self) -> None:
        """Do so for ever."""
        while True:
            self.run_once()

    @property
    def _is_hot(self) -> bool:
        return self._maximum > self.settings.threshold

    def _messages(self, picture: Picture, capacity: int) -> "list[bytes]":
        """Return the messages of a picture: in fast mode one, however coarse."""
        if capacity < FACTS:
            return []
        coarsest = LARGEST_STEP if self.settings.fast else COARSEST
        found = messages(picture, capacity, FINEST, coarsest)
        if self.settings.fast and len(found) > 1:
            return [facts(picture)]
        return found

    def _shorter(self, picture: Picture, payloads: "list[bytes]") -> "list[bytes]":
        """Return what to send instead of messages of which the first was refused.

        Quarters that follow others stay quarters: the picture has begun.
        """
        capacity = len(payloads[0]) - MAC_ANSWERS
        shorter = self._messages(picture, capacity)
        if len(payloads) == len(shorter):
            return shorter
        return [facts(picture)] if capacity >= FACTS else []

    def _send(self, payload: bytes) -> None:
        for port, downlink in self._modem.send(PORT, payload):
            settings = decode_downlink(downlink) if port == SETTINGS_PORT else None
            if settings is not None and settings != self.settings:
                self.settings = settings
                store_settings(self._settings_file, settings)
                self._control_fan()

    def _control_fan(self) -> None:
        """Run while the picture is over the threshold, and as long as asked to."""
        self.fan = self.settings.fan or self._is_hot
        self._switch_fan(self.fan)


def main() -> None:
    """Run on a Raspberry Pi."""
    import raspberry_pi

    modem = raspberry_pi.Modem("/dev/serial0")
    modem.join()
    dht11 = raspberry_pi.Dht11(pin=4)
    fan = raspberry_pi.Fan(pin=17)
    Node(raspberry_pi.Camera(), dht11.celsius, fan.switch, modem).run()


if __name__ == "__main__":
    main()
