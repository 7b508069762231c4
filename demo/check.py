"""``script/demo --check``: checks of the product through Home Assistant's interfaces."""

from datetime import datetime
from io import BytesIO
import re
from typing import Any

from PIL import Image as Picture

from simulator.boards import Board
from simulator.node import Image

from .browser import Scheme, find_chromium, open_browser
from .proof import Proofs, demand, until
from .registry import Registry
from .show import Show
from .truth import network_figure
from .world import FAULTY_CELL, MACS

PICTURE_SIZE = (480, 640)
"""Default width and height of the thermal picture."""

WILL_SECONDS = 10
"""A will is published at once. If wills were ignored, a silent board would be offline after 30 s."""

CELL_ENTITIES = (
    ("sensor", "hottest_cell"),
    ("binary_sensor", "imbalance_warning"),
    ("binary_sensor", "imbalance_alarm"),
)
"""Entities of the node once its cells are configured."""

COMPLAINT = re.compile(r" (WARNING|ERROR|CRITICAL) ")
OWN = re.compile(r"(esp32_sensors|battery_thermal)(?! which has not been tested)")
"""Names of the integrations in a log line, except in the notice for all custom integrations."""
RAISED = re.compile(
    r"custom_components/(esp32_sensors|battery_thermal)/|Exception in \w+ when handling msg on "
)
"""Part of a traceback through an integration, whoever logged it: errors in message handlers are logged by MQTT."""


def complaints(log: str) -> list[str]:
    """Return the log lines with errors of either integration."""
    return [
        line
        for line in log.splitlines()
        if RAISED.search(line) or (COMPLAINT.search(line) and OWN.search(line))
    ]


LOOKS: tuple[tuple[bool, Scheme], ...] = ((False, "light"), (True, "dark"))
"""Whether the screen is a phone's, and the colour scheme."""


class Check:
    """The checks in their order; each restores the state of the product."""

    def __init__(self, show: Show, registry: Registry) -> None:
        """Run checks on ``show``."""
        self.show = show
        self.home_assistant = show.home_assistant
        self.world = show.world
        self.registry = registry
        self.mac = MACS[0]
        self.node = self.world.network.node_id
        self.board: Board = self.world.boards[self.mac]

    # --- boards --------------------------------------------------------------------------------------------------

    async def boards_online(self) -> str:
        """Five boards have joined and are shown."""

        async def online() -> dict[str, str]:
            return {
                mac: await self._state(mac, "binary_sensor", "connectivity")
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
        switch = self._entity(self.mac, "switch", "led")
        for action, shown in ("turn_on", "on"), ("turn_off", "off"), ("turn_on", "on"):
            await self.home_assistant.call("switch", action, entity_id=switch)
            lit = shown == "on"
            await until("the LED", lambda: self.board.led, lambda led: led is lit)  # noqa: B023 - awaited in the loop
            await self._until(self.mac, "switch", "led", shown)
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
            await self._until(self.mac, "switch", "led", shown)

    async def button_pushed(self) -> None:
        """Push and release are shown as a binary sensor and an event."""
        before = await self._state(self.mac, "event", "button")
        await self.board.push()
        await self._until(self.mac, "binary_sensor", "button", "on")
        pushed = await self._event(self.mac, "button", other_than=before)
        demand(pushed["event_type"] == "press_start", f"the event is {pushed}")
        before = await self._state(self.mac, "event", "button")
        await self.board.release()
        await self._until(self.mac, "binary_sensor", "button", "off")
        released = await self._event(self.mac, "button", other_than=before)
        demand(released["event_type"] == "press_end", f"the event is {released}")

    async def light_follows(self) -> None:
        """Bright, dark and medium light are shown, within the range of published firmware."""
        for percent in 99, 1, 42:
            self.world.light[self.mac] = percent
            await self._until(self.mac, "sensor", "light", str(percent))
        del self.world.light[self.mac]

    async def cut_off(self) -> None:
        """Cut the power of a board: the broker publishes its will."""
        self.board.cut()
        for domain, key, shown in (
            ("switch", "led", "unavailable"),
            ("sensor", "light", "unavailable"),
            ("binary_sensor", "connectivity", "off"),
        ):
            await self._until(self.mac, domain, key, shown, seconds=WILL_SECONDS)
        others = [
            await self._state(mac, "binary_sensor", "connectivity") for mac in MACS[1:]
        ]
        demand(set(others) == {"on"}, f"the other boards are {others}")

    async def old_session_ignored(self) -> str:
        """Check that a board returns with a new session; messages of the old session change nothing."""
        old = self.board.session_id
        self.board.restart()
        await self._until(self.mac, "binary_sensor", "connectivity", "on", seconds=60)
        new = self.board.session_id
        demand(new != old, f"the session is still {old}")
        self.world.light[self.mac] = 50
        await self._until(self.mac, "sensor", "light", "50")
        await self._until(self.mac, "switch", "led", "off")
        pushed = await self._state(self.mac, "event", "button")
        may_show = {
            self._entity(self.mac, "switch", "led"): {"off"},
            self._entity(self.mac, "binary_sensor", "button"): {"off"},
            self._entity(self.mac, "event", "button"): {pushed},
            self._entity(self.mac, "binary_sensor", "connectivity"): {"on"},
            (light := self._entity(self.mac, "sensor", "light")): {"50", "51"},
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
                light, lambda: _shown(changes, light), lambda shown: "51" in shown
            )
        for entity, wanted in may_show.items():
            shown = _shown(changes, entity)
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

    # --- battery bank --------------------------------------------------------------------------------------------

    async def fast_image(self) -> str:
        """Check a fast image: two messages, 6 x 8 values."""
        async with self.home_assistant.changes() as changes:
            return await self._image_arrives(changes, "fast", lines=2)

    async def slow_image(self) -> str:
        """After a change to slow mode an image has 24 messages and 24 x 32 values."""
        async with self.home_assistant.changes() as changes:
            await self._select_mode("slow")
            return await self._image_arrives(changes, "slow", lines=24)

    async def ambient_follows(self) -> str:
        """Raise the room temperature by 5 K."""
        model, node = self.world.model, self.world.node
        model.room += 5
        wanted = str(model.ambient(node.time))
        await self._until(self.node, "sensor", "ambient", wanted)
        model.room -= 5
        return f"{wanted} °C"

    async def threshold_reaches_node(self) -> str:
        """Check that a threshold of 60 °C arrives as D0 3C: fan off, fast, 60."""
        entity = self._entity(self.node, "number", "threshold")
        await self.home_assistant.call(
            "number", "set_value", entity_id=entity, value=60
        )
        await until(
            "the node's threshold", lambda: self.world.node.threshold, lambda t: t == 60
        )
        await self._until(self.node, "number", "threshold", "60")
        return self._last_downlink("D03C")

    async def mode_reaches_node(self) -> str:
        """Slow and fast mode arrive as their two bytes."""
        await self._select_mode("slow")
        slow = self._last_downlink("C03C")
        await self._select_mode("fast")
        return f"{slow}, {self._last_downlink('D03C')}"

    async def fan_reaches_node(self) -> str:
        """Request the fan and withdraw it: the state follows the node's report."""
        fan = self._entity(self.node, "fan", "fan")
        await self.home_assistant.call("fan", "turn_on", entity_id=fan)
        await self._until(self.node, "fan", "fan", "on")
        demand(self.world.node.fan_running, "the node's fan does not run")
        on = self._last_downlink("F03C")
        await self.home_assistant.call("fan", "turn_off", entity_id=fan)
        await self._until(self.node, "fan", "fan", "off")
        return f"{on}, {self._last_downlink('D03C')}"

    async def hot_cell(self) -> str:
        """Heat a cell by 45 K: it is the hottest cell, and alarms begin and end."""
        alarms = ("over_threshold", "imbalance_warning", "imbalance_alarm")
        await self._alarms(alarms, "off")
        self.world.model.heat(FAULTY_CELL, 45)
        await self._alarms(alarms, "on")
        hottest = "ABCD"[FAULTY_CELL[0]] + str(FAULTY_CELL[1] + 1)
        await self._until(self.node, "sensor", "hottest_cell", hottest)
        self.world.model.heat(FAULTY_CELL, 0)
        await self._alarms(alarms, "off")
        await self._until(self.node, "fan", "fan", "off")
        return hottest

    async def compact_picture(self) -> str:
        """Switch the node to the compact format: one message is a picture, each pixel within the stated bound."""
        self.world.install_compact_program()
        entity = self._entity(self.node, "image", "thermal")
        device = self.registry.device(self.node)["id"]
        image: dict[str, Any] = {}

        async def attributes() -> dict[str, Any]:
            found: dict[str, Any] = (await self.home_assistant.state(entity))[
                "attributes"
            ]
            return found

        await until(
            "a picture of one message",
            attributes,
            lambda shown: shown.get("lines_expected") == 1 and "bound" in shown,
            60,
        )
        true: Image | None = None

        async def difference() -> str:
            nonlocal image, true
            image = await self.home_assistant.ask(
                "battery_thermal", "get_image", device_id=device
            )
            true = self.world.node.image_of(datetime.fromisoformat(image["timestamp"]))
            return _beyond_bound(image, true) if true else "the node took none"

        await until(
            "the difference of picture and truth", difference, lambda found: not found
        )
        return f"768 pixels within {image['bound']} K, maximum {image['temp_max']} °C exact"

    async def _alarms(self, alarms: tuple[str, ...], wanted: str) -> None:
        for alarm in alarms:
            await self._until(self.node, "binary_sensor", alarm, wanted, seconds=60)

    async def _select_mode(self, mode: str) -> None:
        entity = self._entity(self.node, "select", "mode")
        await self.home_assistant.call(
            "select", "select_option", entity_id=entity, option=mode
        )
        await until(
            "the node's mode", lambda: str(self.world.node.mode), lambda m: m == mode
        )
        await self._until(self.node, "select", "mode", mode)

    async def _image_arrives(
        self, changes: list[dict[str, Any]], mode: str, lines: int
    ) -> str:
        """Compare a growing image with the node's: its time and each pixel."""
        entity = self._entity(self.node, "image", "thermal")
        device = self.registry.device(self.node)["id"]
        image: dict[str, Any] = {}

        async def shown() -> tuple[str, float, str]:
            nonlocal image
            image = await self.home_assistant.ask(
                "battery_thermal", "get_image", device_id=device
            )
            maximum = await self._state(self.node, "sensor", "maximum")
            return image["timestamp"], image["temp_max"], maximum

        await until(
            f"the growth of {mode} images of {lines} lines",
            lambda: _growth(changes, entity)[-2 * lines :],
            lambda growth: bool(_grown(growth, mode, lines)),
            60,
        )
        await until(
            "time and maximum of the last image, and the sensor's maximum,",
            shown,
            lambda now: (
                now[0] in _grown(_growth(changes, entity), mode, lines)
                and _same(now[2], str(now[1]))
            ),
        )
        time = datetime.fromisoformat(image["timestamp"])
        true = self.world.node.image_of(time)
        difference = _difference(image, true) if true else "the node took none"
        demand(not difference, f"the image of {time}: {difference}")
        for path in (
            f"/api/camera_proxy/{self._entity(self.node, 'camera', 'thermal')}",
            f"/api/image_proxy/{entity}",
        ):
            body = await self.home_assistant.request("GET", path)
            with Picture.open(BytesIO(body)) as picture:
                demand(picture.format == "JPEG", f"{path} is {picture.format}")
                demand(picture.size == PICTURE_SIZE, f"{path} is {picture.size}")
        pixels = sum(len(row) for row in image["image"])
        return f"{lines} lines, {pixels} pixels, maximum {image['temp_max']} °C"

    def _last_downlink(self, wanted: str) -> str:
        sent = [
            downlink.payload.hex().upper() for downlink in self.world.device.downlinks
        ]
        demand(bool(sent) and sent[-1] == wanted, f"downlinks were {sent}")
        return sent[-1]

    # --- reading -------------------------------------------------------------------------------------------------

    def _entity(self, device: str, domain: str, key: str) -> str:
        return self.registry.entity(device, domain, key)

    async def _state(self, device: str, domain: str, key: str) -> str:
        state = await self.home_assistant.state(self._entity(device, domain, key))
        return str(state["state"])

    async def _until(
        self, device: str, domain: str, key: str, wanted: str, seconds: float = 30
    ) -> None:
        entity = self._entity(device, domain, key)
        await until(
            entity,
            lambda: self._state(device, domain, key),
            lambda state: _same(state, wanted),
            seconds,
        )

    async def _event(self, device: str, key: str, other_than: str) -> dict[str, Any]:
        entity = self._entity(device, "event", key)
        await until(
            entity,
            lambda: self._state(device, "event", key),
            lambda state: state not in (other_than, "unknown", "unavailable"),
        )
        found: dict[str, Any] = (await self.home_assistant.state(entity))["attributes"]
        return found

    # --- pages ---------------------------------------------------------------------------------------------------

    async def pages(self) -> str:
        """Open all pages in a browser, on a desktop and on a phone."""
        folder = self.show.folder / "screenshots"
        async with open_browser(self.home_assistant) as browser:
            for phone, scheme in LOOKS:
                async with browser.view(phone=phone, scheme=scheme) as view:
                    for page in self.show.pages:
                        await view.open(page)
                        _, dashboard, path = page.split("/")
                        name = path
                        if dashboard == "battery-thermal":
                            # The path of a node's page has an id that differs in each folder.
                            welcome = path == "welcome"
                            name = "battery-welcome" if welcome else "thermal"
                        look = f"{'phone' if phone else 'desktop'}-{scheme}"
                        await view.screenshot(folder / f"{name}-{look}.png")
                        broken = await view.broken_cards()
                        demand(not broken, f"cards that cannot be shown: {broken}")
                    demand(not view.errors, f"errors of the page: {view.errors}")
        return f"screenshots in {folder}"

    async def nothing_to_complain_of(self) -> None:
        """Search the log for warnings and errors of either integration; check the QoS of messages to the boards."""
        found = complaints(self.home_assistant.log())
        demand(not found, "\n".join(found))
        otherwise = {
            mac: dict(board.not_as_agreed)
            for mac, board in self.world.boards.items()
            if board.not_as_agreed
        }
        demand(not otherwise, f"boards were told (topic, QoS, retained): {otherwise}")


def _same(state: str, wanted: str) -> bool:
    """Compare states; numbers by value (``60`` and ``60.0``)."""
    try:
        return float(state) == float(wanted)
    except ValueError:
        return state == wanted


def _shown(changes: list[dict[str, Any]], entity: str) -> list[str]:
    """Return the states an entity went through."""
    return [state["state"] for state in changes if state["entity_id"] == entity]


type Growth = list[tuple[str | None, int | None, str]]
"""The states of growing images: mode, lines received, and time of the last line."""


def _growth(changes: list[dict[str, Any]], entity: str) -> Growth:
    """Return the states of growing images."""
    return [
        (
            state["attributes"].get("mode"),
            state["attributes"].get("lines_received"),
            state["state"],
        )
        for state in changes
        if state["entity_id"] == entity
    ]


def _grown(growth: Growth, mode: str, lines: int) -> set[str]:
    """Return the times of the images that were shown with every number of lines."""
    wanted = [(mode, line) for line in range(1, lines + 1)]
    seen = [(of, line) for of, line, _ in growth]
    return {
        growth[end - 1][2]
        for end in range(lines, len(growth) + 1)
        if seen[end - lines : end] == wanted
    }


def _beyond_bound(image: dict[str, Any], true: Image) -> str:
    """Return where a picture differs from the node's by more than its bound, empty if nowhere."""
    told = {
        "temp_min": true.minimum / 10,
        "temp_max": true.maximum / 10,
        "missing_lines": [],
        "suspect": False,
    }
    for name, value in told.items():
        if image[name] != value:
            return f"{name} is {image[name]}, not {value}"
    worst = max(
        abs(shown - tenths / 10)
        for row, values in zip(image["image"], true.matrix.tolist(), strict=True)
        for shown, tenths in zip(row, values, strict=True)
    )
    bound = image["bound"]
    return "" if worst <= bound + 1e-6 else f"a pixel is {worst:.1f} K off, not {bound}"


def _difference(image: dict[str, Any], true: Image) -> str:
    """Return where an image differs from the node's, empty if nowhere."""
    told = {
        "mode": true.mode,
        "temp_min": true.minimum / 10,
        "temp_max": true.maximum / 10,
        "missing_lines": [],
        "suspect": False,
    }
    for name, value in told.items():
        if image[name] != value:
            return f"{name} is {image[name]}, not {value}"
    shape = len(image["image"]), len(image["image"][0])
    if shape != true.matrix.shape:
        return f"{shape} pixels, not {true.matrix.shape}"
    wrong = [
        f"row {row}, column {column}: {shown}, not {tenths / 10}"
        for row, values in enumerate(true.matrix.tolist())
        for column, tenths in enumerate(values)
        if (shown := image["image"][row][column]) != tenths / 10
    ]
    return f"{len(wrong)} pixels wrong, {wrong[0]}" if wrong else ""


async def check(show: Show, *, browser: bool = True) -> int:
    """Run all checks, with those in a browser if requested; return 0 on success, else 1."""
    proofs = Proofs()
    wanted = [(show.world.network.node_id, *entity) for entity in CELL_ENTITIES]
    now = Check(show, await Registry.load_with(show.home_assistant, wanted))
    print("Proofs:")
    for claim, proof in (
        ("five boards are online", now.boards_online),
        ("an LED switched in Home Assistant is on in the board", now.led_switched),
        (
            "the switch shows what the board's led/status says",
            now.led_status_is_the_truth,
        ),
        ("a push shows as binary sensor and event", now.button_pushed),
        ("light values follow", now.light_follows),
        ("a board cut off goes unavailable by its last will", now.cut_off),
        ("a new session; the old one is ignored", now.old_session_ignored),
        ("a fast image arrives line by line, 480 x 640, true", now.fast_image),
        ("ambient follows", now.ambient_follows),
        ("threshold 60 reaches the node", now.threshold_reaches_node),
        ("the fan reaches the node", now.fan_reaches_node),
        ("the mode reaches the node", now.mode_reaches_node),
        ("a cell that gets hot raises the alarms", now.hot_cell),
        ("a slow image arrives line by line, 480 x 640, true", now.slow_image),
        ("a compact picture arrives in one message, true", now.compact_picture),
    ):
        await proofs.prove(claim, proof)
    if browser and find_chromium():
        await proofs.prove("the dashboards show it all without an error", now.pages)
    elif browser:
        print(
            "  --    the dashboard in a browser: not tried, Chromium is not installed"
        )
    await proofs.prove("nothing to complain of", now.nothing_to_complain_of)
    print(f"{proofs.passed} proven, {len(proofs.failed)} failed")
    return 1 if proofs.failed else 0
