"""Devices and their entities from Home Assistant's registries, independent of names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from .home_assistant import HomeAssistant
from .proof import PATIENCE, until

type Wanted = tuple[str, str, str]
"""A device by its MAC or serial number, and an entity by its domain and translation key."""


@dataclass(frozen=True)
class Registry:
    """A snapshot of Home Assistant's device and entity registries."""

    devices: list[dict[str, Any]]
    entities: list[dict[str, Any]]

    @classmethod
    async def load(cls, home_assistant: HomeAssistant) -> Self:
        """Read the registries."""
        return cls(
            await home_assistant.command("config/device_registry/list"),
            await home_assistant.command("config/entity_registry/list"),
        )

    @classmethod
    async def load_with(
        cls,
        home_assistant: HomeAssistant,
        wanted: Sequence[Wanted],
        seconds: float = PATIENCE,
    ) -> Self:
        """Read the registries until all of these entities exist."""
        registry = await cls.load(home_assistant)

        async def missing() -> list[Wanted]:
            nonlocal registry
            registry = await cls.load(home_assistant)
            return [
                entity for entity in wanted if registry.find_entity(*entity) is None
            ]

        await until(
            "the list of entities missing", missing, lambda left: not left, seconds
        )
        return registry

    def find_device(self, identifier: str) -> dict[str, Any] | None:
        """Return the device with this MAC or serial number (a node's device id), None without one."""
        wanted = identifier.lower()
        for device in self.devices:
            names = [value for _, value in device["connections"]]
            if wanted in (
                str(name).lower() for name in (*names, device["serial_number"])
            ):
                return device
        return None

    def device(self, identifier: str) -> dict[str, Any]:
        """Return a device that must exist."""
        found = self.find_device(identifier)
        if found is None:
            raise LookupError(f"Home Assistant has no device {identifier}")
        return found

    def find_entity(self, identifier: str, domain: str, key: str) -> str | None:
        """Return the entity id by device, domain and translation key, None without one."""
        device = self.find_device(identifier)
        for entity in self.entities:
            if (
                device
                and entity["device_id"] == device["id"]
                and entity["entity_id"].startswith(f"{domain}.")
                and entity["translation_key"] == key
            ):
                return str(entity["entity_id"])
        return None

    def entity(self, identifier: str, domain: str, key: str) -> str:
        """Return the id of an entity that must exist."""
        found = self.find_entity(identifier, domain, key)
        if found is None:
            raise LookupError(f"device {identifier} has no {domain} entity {key}")
        return found
