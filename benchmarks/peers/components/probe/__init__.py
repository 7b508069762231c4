"""An integration that reports to a benchmark over MQTT what it cannot measure from outside.

``bench/expect`` ``{"available": n, "lights": n}``: answered on ``bench/reached`` as soon as that many entities are
available and that many lights known.
``bench/mark``: answered on ``bench/marked`` with the same number. Home Assistant processes messages in order, so all
earlier ones are done.
``bench/watch``: ``1`` records when a light is written, ``0`` publishes the times on ``bench/seen``.
``bench/count``: ``1`` counts lights that are written, ``0`` publishes the number on ``bench/counted``.
``bench/values``: answered on ``bench/shown`` with the number of lights for each value.
``bench/collect``: collects garbage, returns unused memory to the system, and is answered on ``bench/collected`` with the
number of full collections so far.
``bench/nothing``: received without an effect.
``bench/up``: published as a retained message when all topics are subscribed to.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
import ctypes
import gc
import json
import time
from typing import Any

from homeassistant.components import mqtt
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    EVENT_STATE_CHANGED,
    PERCENTAGE,
    STATE_UNAVAILABLE,
)
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.typing import ConfigType

DOMAIN = "probe"

_C = ctypes.CDLL(None)

_DOMAINS = ("binary_sensor", "event", "sensor", "switch")
_TICK = 0.1
"""Seconds between two looks at all states; one look at 9000 takes 2 ms."""


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Start the probe as soon as Home Assistant is connected to the broker."""
    hass.async_create_background_task(Probe(hass).async_start(), DOMAIN)
    return True


class Probe:
    """The probe, which answers the requests of the benchmark."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare."""
        self._hass = hass
        self._seen: list[float] = []
        self._stop_watching: CALLBACK_TYPE | None = None
        self._written = 0
        self._stop_counting: CALLBACK_TYPE | None = None

    async def async_start(self) -> None:
        """Look at states from the beginning, and do the rest when everything has started."""
        hass = self._hass
        await mqtt.async_wait_for_mqtt_client(hass)
        await mqtt.async_subscribe(hass, "bench/expect", self._expect, 1)
        started = asyncio.Event()
        async_at_started(hass, callback(lambda _: started.set()))
        await started.wait()
        topics: dict[str, Callable[[mqtt.ReceiveMessage], None]] = {
            "bench/nothing": callback(lambda _: None),
            "bench/mark": self._mark,
            "bench/watch": self._watch,
            "bench/count": self._count,
            "bench/values": self._values,
            "bench/collect": self._collect,
        }
        for topic, receive in topics.items():
            await mqtt.async_subscribe(hass, topic, receive, 0)
        subscribed = asyncio.Event()
        mqtt.async_on_subscribe_done(hass, "bench/collect", 0, subscribed.set)
        await subscribed.wait()
        self._say("up", time.monotonic(), retain=True)

    def _say(self, topic: str, value: Any, retain: bool = False) -> None:
        self._hass.async_create_task(
            mqtt.async_publish(
                self._hass, f"bench/{topic}", json.dumps(value), 1, retain
            )
        )

    @callback
    def _expect(self, message: mqtt.ReceiveMessage) -> None:
        # Empty when the request is withdrawn.
        if message.payload:
            self._hass.async_create_background_task(
                self._until(**json.loads(message.payload)), DOMAIN
            )

    async def _until(self, available: int, lights: int) -> None:
        while True:
            states = self._hass.states.async_all(_DOMAINS)
            if (
                sum(state.state != STATE_UNAVAILABLE for state in states) >= available
                and sum(_is_light(state.entity_id, state.state) for state in states)
                >= lights
            ):
                break
            await asyncio.sleep(_TICK)
        self._say("reached", time.monotonic())

    @callback
    def _mark(self, message: mqtt.ReceiveMessage) -> None:
        self._say("marked", int(message.payload))

    @callback
    def _watch(self, message: mqtt.ReceiveMessage) -> None:
        if self._stop_watching is None:
            self._stop_watching = self._hass.bus.async_listen(
                EVENT_STATE_CHANGED, self._changed
            )
            return
        self._stop_watching()
        self._stop_watching = None
        self._say("seen", self._seen)
        self._seen = []

    @callback
    def _changed(self, event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and _is_light(state.entity_id, state.state):
            self._seen.append(time.monotonic())

    @callback
    def _count(self, message: mqtt.ReceiveMessage) -> None:
        if self._stop_counting is None:
            self._stop_counting = self._hass.bus.async_listen(
                EVENT_STATE_CHANGED, self._written_one
            )
            return
        self._stop_counting()
        self._stop_counting = None
        self._say("counted", self._written)
        self._written = 0

    @callback
    def _written_one(self, event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        self._written += state is not None and _is_light(state.entity_id, state.state)

    @callback
    def _values(self, message: mqtt.ReceiveMessage) -> None:
        # Other sensors show numbers as well; what they show while nobody looks is not a light's.
        self._say(
            "shown",
            Counter(
                state.state
                for state in self._hass.states.async_all("sensor")
                if state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) == PERCENTAGE
            ),
        )

    @callback
    def _collect(self, message: mqtt.ReceiveMessage) -> None:
        full = gc.get_stats()[-1]["collections"]
        gc.collect()
        # Unused memory that the C library keeps, in an arena for each thread, is not memory of a board.
        _C.malloc_trim(0)
        self._say("collected", full)


def _is_light(entity_id: str, state: str) -> bool:
    return entity_id.startswith("sensor.") and state.isdigit()
