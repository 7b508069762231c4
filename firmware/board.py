"""The life of a board, on any hardware: join, serve, come back, leave.

The steps are those of docs/protocol.md, *The life of a board*. After a broken connection
the board goes on with the session it has; after a loss of power it joins anew.
"""

import asyncio
import gc
from random import randint
from time import ticks_add, ticks_diff, ticks_ms

from session import QOS, about, assigned, commanded, said, topic

JOIN_SECONDS = 5
"""After so long without an answer the board asks again."""

LIGHT_MS = 2000

BUTTON_MS = 20
"""Between two looks at the button: longer than contacts bounce, shorter than a push."""

RETRY_MS = 1000, 5000
"""Boards that lost their broker together do not come back in the same moment."""


class Board:
    """A board. ``run`` is its life, ``leave`` ends it."""

    def __init__(self, mac: str, connect, hardware, prefix: str = "", directed=False):
        """Prepare.

        ``connect(on_message, will)`` is a coroutine that returns an MQTT connection.
        ``hardware`` has ``led(on)``, ``pressed()`` and ``light()``, in percent.
        ``prefix`` goes before every topic; ``directed`` puts the MAC behind each.
        """
        self.mac = mac
        self.session = None
        """``name;session_id``, or None before the first answer."""
        self._connect = connect
        self._hardware = hardware
        self._prefix = prefix
        self._directed_to = mac if directed else ""
        self._connection = None
        self._heard = ticks_ms()
        self._closed = asyncio.Event()
        self._assigned = asyncio.Event()
        self._joining = False
        self._led = False
        self._unsaid = []
        self._left = False

    @property
    def heard(self) -> int:
        """When the broker was last heard, in ticks."""
        if self._connection is not None:
            self._heard = self._connection.heard
        return self._heard

    async def run(self) -> None:
        """Live until the board leaves: broken connections are made anew for ever."""
        self._hardware.led(self._led)
        while not self._left:
            await self._live()

    async def leave(self) -> None:
        """Return when the board has said goodbye, after which it says nothing more."""
        self._left = True
        if self._connection is not None:
            await self._closed.wait()

    async def _live(self) -> None:
        """Live as long as one connection lasts, and wait a moment when it broke."""
        try:
            if self.session is None:
                await self._join()
            else:
                await self._serve()
        except OSError as error:
            if not self._left:
                print("connection:", error)
                # A connection that was given up keeps its socket until then, and there are ten.
                gc.collect()
                await asyncio.sleep_ms(randint(*RETRY_MS))

    async def _join(self) -> None:
        """Ask for a session until there is one."""
        self._assigned.clear()
        self._joining = True
        await self._open(will=None)
        try:
            await self._subscribe("state/nameAssign")
            while self.session is None and not self._left:
                await self._publish("state/join", self.mac)
                try:
                    await asyncio.wait_for(self._assigned.wait(), JOIN_SECONDS)
                except asyncio.TimeoutError:
                    print("no answer yet")
            print("session:", self.session)
            await self._connection.disconnect()
        finally:
            self._joining = False
            await self._close()

    async def _serve(self) -> None:
        """Be of use, until the connection ends (OSError) or the board leaves."""
        will = self._topic("state/leave"), self.session, QOS["state/leave"]
        await self._open(will)
        try:
            await self._subscribe("led/command")
            # Delivered before anything else is said: QoS 2 is overtaken by the others.
            await self._publish("state/join", self.session)
            await self._publish("state/info", about(self.session))
            self._unsaid = [self._led]
            # Whoever comes online is taken to have its button released (S-15).
            pressed = False
            light_due = ticks_ms()
            while not self._left:
                if self._connection.error is not None:
                    raise self._connection.error
                while self._unsaid:
                    await self._say("led/status", self._unsaid.pop(0))
                if self._hardware.pressed() != pressed:
                    pressed = not pressed
                    await self._say("button/status", pressed)
                if ticks_diff(ticks_ms(), light_due) >= 0:
                    light_due = ticks_add(ticks_ms(), LIGHT_MS)
                    await self._say("photoresistor/status", self._hardware.light())
                await asyncio.sleep_ms(BUTTON_MS)
            await self._publish("state/leave", self.session)
            await self._connection.disconnect()
        finally:
            await self._close()

    def _receive(self, where: str, payload: bytes) -> None:
        """Take what is meant for this board; on shared topics it hears everybody's."""
        try:
            text = payload.decode()
        except UnicodeError:
            return
        if where == self._topic("state/nameAssign"):
            session = assigned(text, self.mac)
            # Of several answers the last one before the session starts.
            if session is not None and self._joining:
                self.session = session
                self._assigned.set()
        elif self.session is not None:
            on = commanded(text, self.session)
            if on is not None:
                self._led = on
                self._hardware.led(on)
                # Every command is answered, also one that changes nothing: nobody has
                # to guess whether it arrived.
                self._unsaid.append(on)

    async def _open(self, will) -> None:
        self._connection = await self._connect(self._receive, will)
        self._closed.clear()

    async def _close(self) -> None:
        connection = self._connection
        self._connection = None
        await connection.close()
        self._closed.set()

    async def _subscribe(self, name: str) -> None:
        await self._connection.subscribe(self._topic(name), QOS[name])

    async def _say(self, name: str, value: int) -> None:
        await self._publish(name, said(self.session, value))

    async def _publish(self, name: str, payload: str) -> None:
        await self._connection.publish(self._topic(name), payload, QOS[name])

    def _topic(self, name: str) -> str:
        return topic(name, self._prefix, self._directed_to)
