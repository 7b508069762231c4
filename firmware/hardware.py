"""The ESP32 itself: LED, button, photoresistor, Wi-Fi and watchdog."""

import asyncio

from machine import ADC, WDT, Pin, Timer
import network
from session import mac_text, percent

WIFI_SECONDS = 15
WATCHDOG_MS = 30_000
"""Longer than a name takes to be resolved, during which nothing else runs."""


class Hardware:
    """What is soldered to the pins; which they are is said by the configuration."""

    def __init__(self, config) -> None:
        """Set up the pins."""
        self._led = Pin(config.LED_PIN, Pin.OUT)
        self._led_on = config.LED_ON
        self._button = Pin(config.BUTTON_PIN, Pin.IN, Pin.PULL_UP)
        self._light = ADC(Pin(config.LIGHT_PIN), atten=ADC.ATTN_11DB)
        self._dark = config.LIGHT_DARK
        self._bright = config.LIGHT_BRIGHT

    def led(self, on: bool) -> None:
        """Switch the LED."""
        self._led.value(self._led_on if on else 1 - self._led_on)

    def pressed(self) -> bool:
        """Tell whether the button is held down: it pulls its pin to ground."""
        return not self._button.value()

    def light(self) -> int:
        """Return the light in percent."""
        return percent(self._dark, self._bright, self._light.read_u16())


class Wifi:
    """The wireless network."""

    def __init__(self, name: str, password: str) -> None:
        """Switch the radio on."""
        self._name = name
        self._password = password
        self._station = network.WLAN(network.STA_IF)
        self._station.active(True)
        self.mac = mac_text(self._station.config("mac"))

    async def connect(self) -> None:
        """Return when there is a connection; raise OSError when there is none for long."""
        if self._station.isconnected():
            return
        self._station.disconnect()
        self._station.connect(self._name, self._password)
        for _ in range(WIFI_SECONDS * 10):
            await asyncio.sleep_ms(100)
            if self._station.isconnected():
                return
        raise OSError(f"no Wi-Fi, status {self._station.status()}")


class Watchdog:
    """Restarts the board when it was not fed for too long."""

    def __init__(self) -> None:
        """Start to watch; the ESP32 has no way to stop that but a restart."""
        self._watchdog = WDT(timeout=WATCHDOG_MS)

    def feed(self) -> None:
        """Prove that the program runs."""
        self._watchdog.feed()

    def let_go(self) -> None:
        """Feed it by a timer from now on: its owner is at the console."""
        Timer(0).init(period=WATCHDOG_MS // 3, callback=lambda _: self.feed())
