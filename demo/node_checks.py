"""The checks of the battery node."""

from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image as Picture

from simulator.node import Image

from .images import beyond_bound, difference_of, grown, growth_of
from .proof import demand, until
from .reading import Reading, is_same
from .registry import Registry
from .show import Show
from .world import FAULTY_CELL

PICTURE_SIZE = (480, 640)
"""Default width and height of the thermal picture."""


class NodeChecks(Reading):
    """The checks in their order; each restores the state of the product."""

    def __init__(self, show: Show, registry: Registry) -> None:
        """Check the node of ``show``."""
        super().__init__(show, registry)
        self.node = self.world.node_id

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
        await self.until_shown(self.node, "sensor", "ambient", wanted)
        model.room -= 5
        return f"{wanted} °C"

    async def threshold_reaches_node(self) -> str:
        """Check that a threshold of 60 °C arrives as D0 3C: fan off, fast, 60."""
        entity = self.entity(self.node, "number", "threshold")
        await self.home_assistant.call(
            "number", "set_value", entity_id=entity, value=60
        )
        await until(
            "the node's threshold", lambda: self.world.node.threshold, lambda t: t == 60
        )
        await self.until_shown(self.node, "number", "threshold", "60")
        return self._last_downlink("D03C")

    async def mode_reaches_node(self) -> str:
        """Slow and fast mode arrive as their two bytes."""
        await self._select_mode("slow")
        slow = self._last_downlink("C03C")
        await self._select_mode("fast")
        return f"{slow}, {self._last_downlink('D03C')}"

    async def fan_reaches_node(self) -> str:
        """Request the fan and withdraw it: the state follows the node's report."""
        fan = self.entity(self.node, "fan", "fan")
        await self.home_assistant.call("fan", "turn_on", entity_id=fan)
        await self.until_shown(self.node, "fan", "fan", "on")
        demand(self.world.node.fan_running, "the node's fan does not run")
        on = self._last_downlink("F03C")
        await self.home_assistant.call("fan", "turn_off", entity_id=fan)
        await self.until_shown(self.node, "fan", "fan", "off")
        return f"{on}, {self._last_downlink('D03C')}"

    async def hot_cell(self) -> str:
        """Heat a cell by 45 K: it is the hottest cell, and alarms begin and end."""
        alarms = ("over_threshold", "imbalance_warning", "imbalance_alarm")
        await self._alarms(alarms, "off")
        self.world.model.heat(FAULTY_CELL, 45)
        await self._alarms(alarms, "on")
        hottest = "ABCD"[FAULTY_CELL[0]] + str(FAULTY_CELL[1] + 1)
        await self.until_shown(self.node, "sensor", "hottest_cell", hottest)
        self.world.model.heat(FAULTY_CELL, 0)
        await self._alarms(alarms, "off")
        await self.until_shown(self.node, "fan", "fan", "off")
        return hottest

    async def compact_picture(self) -> str:
        """Switch the node to the compact format: one message is a picture, each pixel within the stated bound."""
        self.world.install_compact_program()
        entity = self.entity(self.node, "image", "thermal")
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
            return beyond_bound(image, true) if true else "the node took none"

        await until(
            "the difference of picture and truth", difference, lambda found: not found
        )
        return f"768 pixels within {image['bound']} K, maximum {image['temp_max']} °C exact"

    async def _alarms(self, alarms: tuple[str, ...], wanted: str) -> None:
        for alarm in alarms:
            await self.until_shown(
                self.node, "binary_sensor", alarm, wanted, seconds=60
            )

    async def _select_mode(self, mode: str) -> None:
        entity = self.entity(self.node, "select", "mode")
        await self.home_assistant.call(
            "select", "select_option", entity_id=entity, option=mode
        )
        await until(
            "the node's mode", lambda: str(self.world.node.mode), lambda m: m == mode
        )
        await self.until_shown(self.node, "select", "mode", mode)

    async def _image_arrives(
        self, changes: list[dict[str, Any]], mode: str, lines: int
    ) -> str:
        """Compare a growing image with the node's: its time and each pixel."""
        entity = self.entity(self.node, "image", "thermal")
        device = self.registry.device(self.node)["id"]
        image: dict[str, Any] = {}

        async def shown() -> tuple[str, float, str]:
            nonlocal image
            image = await self.home_assistant.ask(
                "battery_thermal", "get_image", device_id=device
            )
            maximum = await self.state(self.node, "sensor", "maximum")
            return image["timestamp"], image["temp_max"], maximum

        await until(
            f"the growth of {mode} images of {lines} lines",
            lambda: growth_of(changes, entity)[-2 * lines :],
            lambda growth: bool(grown(growth, mode, lines)),
            60,
        )
        await until(
            "time and maximum of the last image, and the sensor's maximum,",
            shown,
            lambda now: (
                now[0] in grown(growth_of(changes, entity), mode, lines)
                and is_same(now[2], str(now[1]))
            ),
        )
        time = datetime.fromisoformat(image["timestamp"])
        true = self.world.node.image_of(time)
        difference = difference_of(image, true) if true else "the node took none"
        demand(not difference, f"the image of {time}: {difference}")
        for path in (
            f"/api/camera_proxy/{self.entity(self.node, 'camera', 'thermal')}",
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
