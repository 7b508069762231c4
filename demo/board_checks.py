"""The checks of the boards."""

from simulator.boards import Board

from .proof import demand, until
from .reading import Reading, states_of
from .registry import Registry
from .show import Show
from .truth import network_figure
from .world import MACS

WILL_SECONDS = 10
"""A will is published at once. If wills were ignored, a silent board would be offline after 30 s."""


class BoardChecks(Reading):
    """The checks in their order; each restores the state of the product."""

    def __init__(self, show: Show, registry: Registry) -> None:
        """Check the first board of ``show``."""
        super().__init__(show, registry)
        self.mac = MACS[0]
        self.board: Board = self.world.boards[self.mac]

    async def boards_online(self) -> str:
        """Five boards have joined and are shown."""

        async def online() -> dict[str, str]:
            return {
                mac: await self.state(mac, "binary_sensor", "connectivity")
                for mac in MACS
            }

        await until(
            "connectivity", online, lambda all_: set(all_.values()) == {"on"}, 60
        )
        names = sorted(str(board.name) for board in self.world.boards.values())
        demand(len(set(names)) == len(MACS), f"names are not unique: {names}")
        return ", ".join(names)

    async def led_switched(self) -> str:
        """Home Assistant switches the LED of the board on and off."""
        switch = self.entity(self.mac, "switch", "led")
        for action, shown in ("turn_on", "on"), ("turn_off", "off"), ("turn_on", "on"):
            await self.home_assistant.call("switch", action, entity_id=switch)
            lit = shown == "on"
            await until("the LED", lambda: self.board.led, lambda led: led is lit)  # noqa: B023 - awaited in the loop
            await self.until_shown(self.mac, "switch", "led", shown)
        others = [
            board.led for mac, board in self.world.boards.items() if mac != self.mac
        ]
        demand(not any(others), f"LEDs of other boards: {others}")
        return f"{len(self.board.commands)} commands heard"

    async def led_status_is_the_truth(self) -> None:
        """Check that a message on ``led/status`` is shown, whoever switched the LED."""
        said = f"{self.board.name};{self.board.session_id}"
        for value, shown in ("0", "off"), ("1", "on"):
            await self.home_assistant.call(
                "mqtt", "publish", topic="led/status", payload=f"{said};{value}", qos=1
            )
            await self.until_shown(self.mac, "switch", "led", shown)

    async def button_pushed(self) -> None:
        """Push and release are shown as a binary sensor and an event."""
        before = await self.state(self.mac, "event", "button")
        await self.board.push()
        await self.until_shown(self.mac, "binary_sensor", "button", "on")
        pushed = await self.event(self.mac, "button", other_than=before)
        demand(pushed["event_type"] == "press_start", f"the event is {pushed}")
        before = await self.state(self.mac, "event", "button")
        await self.board.release()
        await self.until_shown(self.mac, "binary_sensor", "button", "off")
        released = await self.event(self.mac, "button", other_than=before)
        demand(released["event_type"] == "press_end", f"the event is {released}")

    async def light_follows(self) -> None:
        """Bright, dark and medium light are shown, within the range of published firmware."""
        for percent in 99, 1, 42:
            self.world.light[self.mac] = percent
            await self.until_shown(self.mac, "sensor", "light", str(percent))
        del self.world.light[self.mac]

    async def cut_off(self) -> None:
        """Cut the power of a board: the broker publishes its will."""
        self.board.cut()
        for domain, key, shown in (
            ("switch", "led", "unavailable"),
            ("sensor", "light", "unavailable"),
            ("binary_sensor", "connectivity", "off"),
        ):
            await self.until_shown(self.mac, domain, key, shown, seconds=WILL_SECONDS)
        others = [
            await self.state(mac, "binary_sensor", "connectivity") for mac in MACS[1:]
        ]
        demand(set(others) == {"on"}, f"the other boards are {others}")

    async def old_session_ignored(self) -> str:
        """Check that a board returns with a new session; messages of the old session change nothing."""
        old = self.board.session_id
        self.board.restart()
        await self.until_shown(
            self.mac, "binary_sensor", "connectivity", "on", seconds=60
        )
        new = self.board.session_id
        demand(new != old, f"the session is still {old}")
        self.world.light[self.mac] = 50
        await self.until_shown(self.mac, "sensor", "light", "50")
        await self.until_shown(self.mac, "switch", "led", "off")
        pushed = await self.state(self.mac, "event", "button")
        may_show = {
            self.entity(self.mac, "switch", "led"): {"off"},
            self.entity(self.mac, "binary_sensor", "button"): {"off"},
            self.entity(self.mac, "event", "button"): {pushed},
            self.entity(self.mac, "binary_sensor", "connectivity"): {"on"},
            (light := self.entity(self.mac, "sensor", "light")): {"50", "51"},
        }
        stale = (
            ("led/status", "1"),
            ("button/status", "1"),
            ("photoresistor/status", "99"),
            ("state/leave", None),
        )
        before = await self._discarded()
        async with self.home_assistant.changes() as changes:
            for topic, value in stale:
                await self.board.publish_stale(topic, value)
            # A later message of the same connection was processed, so the stale one was processed before. It would also
            # correct the effect of the stale one; therefore all states in between are checked.
            self.world.light[self.mac] = 51
            await until(
                light, lambda: states_of(changes, light), lambda shown: "51" in shown
            )
        for entity, wanted in may_show.items():
            shown = states_of(changes, entity)
            demand(wanted.issuperset(shown), f"{entity} went through {shown}")
        count = await until(
            "the number of messages discarded",
            self._discarded,
            lambda count: count >= before + len(stale),
        )
        demand(count == before + len(stale), f"{count - before} were discarded")
        return f"{old} -> {new}"

    async def _discarded(self) -> int:
        return await network_figure(self.home_assistant, "messages_discarded") or 0
