"""What Home Assistant shows of the demo's boards and node."""

from typing import Any

from .proof import until
from .registry import Registry
from .show import Show


class Reading:
    """Reads states, and waits for them."""

    def __init__(self, show: Show, registry: Registry) -> None:
        """Read the states of ``show``."""
        self.show = show
        self.home_assistant = show.home_assistant
        self.world = show.world
        self.registry = registry

    def entity(self, device: str, domain: str, key: str) -> str:
        """Return the id of an entity of a board or node."""
        return self.registry.entity(device, domain, key)

    async def state(self, device: str, domain: str, key: str) -> str:
        """Return the state of an entity."""
        state = await self.home_assistant.state(self.entity(device, domain, key))
        return str(state["state"])

    async def until_shown(
        self, device: str, domain: str, key: str, wanted: str, seconds: float = 30
    ) -> None:
        """Wait until an entity has a state."""
        entity = self.entity(device, domain, key)
        await until(
            entity,
            lambda: self.state(device, domain, key),
            lambda state: is_same(state, wanted),
            seconds,
        )

    async def event(self, device: str, key: str, other_than: str) -> dict[str, Any]:
        """Wait for another event of an entity, and return its attributes."""
        entity = self.entity(device, "event", key)
        await until(
            entity,
            lambda: self.state(device, "event", key),
            lambda state: state not in (other_than, "unknown", "unavailable"),
        )
        found: dict[str, Any] = (await self.home_assistant.state(entity))["attributes"]
        return found


def is_same(state: str, wanted: str) -> bool:
    """Compare states; numbers by value (``60`` and ``60.0``)."""
    try:
        return float(state) == float(wanted)
    except ValueError:
        return state == wanted


def states_of(changes: list[dict[str, Any]], entity: str) -> list[str]:
    """Return the states an entity went through."""
    return [state["state"] for state in changes if state["entity_id"] == entity]
