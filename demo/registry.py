"""Which entities a device has: looked up, never guessed from a name a person may have changed."""

from dataclasses import dataclass
from typing import Any, Self

from .home_assistant import HomeAssistant


@dataclass(frozen=True)
class Registry:
    """Home Assistant's devices and entities at one moment."""

    devices: list[dict[str, Any]]
    entities: list[dict[str, Any]]

    @classmethod
    async def load(cls, home_assistant: HomeAssistant) -> Self:
        """Ask Home Assistant."""
        return cls(
            await home_assistant.command("config/device_registry/list"),
            await home_assistant.command("config/entity_registry/list"),
        )

    def find_device(self, identifier: str) -> dict[str, Any] | None:
        """Return the device with this MAC or serial number (a node's device id)."""
        wanted = identifier.lower()
        for device in self.devices:
            names = [value for _, value in device["connections"]]
            if wanted in (
                str(name).lower() for name in (*names, device["serial_number"])
            ):
                return device
        return None

    def device(self, identifier: str) -> dict[str, Any]:
        """Return a device that has to be there."""
        found = self.find_device(identifier)
        if found is None:
            raise LookupError(f"Home Assistant has no device {identifier}")
        return found

    def entity(self, identifier: str, domain: str, key: str) -> str:
        """Return the entity id of a device's entity by its domain and its translation key."""
        device_id = self.device(identifier)["id"]
        for entity in self.entities:
            if (
                entity["device_id"] == device_id
                and entity["entity_id"].startswith(f"{domain}.")
                and entity["translation_key"] == key
            ):
                return str(entity["entity_id"])
        raise LookupError(f"device {identifier} has no {domain} entity {key}")
