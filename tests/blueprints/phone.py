"""A phone with the Home Assistant app: its notifications and their buttons."""

from dataclasses import dataclass, field
from typing import Any, Self

from homeassistant.core import Context, HomeAssistant, ServiceCall, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component

from .common import settle


@dataclass
class Phone:
    """An app that is registered with the real `mobile_app` integration.

    Only the push service is simulated: `receive` gets what `notify` would send to it.
    """

    hass: HomeAssistant
    device_id: str
    received: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    async def register(cls, hass: HomeAssistant) -> Self:
        """Register the app with Home Assistant, as it does after the login."""
        assert await async_setup_component(hass, "mobile_app", {})
        result = await hass.config_entries.flow.async_init(
            "mobile_app",
            context={"source": "registration"},
            data={
                "app_data": {"push_token": "token", "push_url": "https://push.invalid"},
                "app_id": "app",
                "app_name": "Home Assistant",
                "app_version": "2026.10",
                "device_id": "phone",
                "device_name": "Phone",
                "manufacturer": "Maker",
                "model": "Model",
                "os_name": "Android",
                "os_version": "16",
                "supports_encryption": False,
                "user_id": "somebody",
                "webhook_id": "webhook",
            },
        )
        await hass.async_block_till_done()
        (device,) = dr.async_entries_for_config_entry(
            dr.async_get(hass), result["result"].entry_id
        )
        phone = cls(hass, device.id)
        hass.services.async_register("notify", "mobile_app_phone", phone.receive)
        return phone

    @callback
    def receive(self, call: ServiceCall) -> None:
        """Receive a notification."""
        assert call.data["target"] == "webhook"
        self.received.append(dict(call.data))

    @property
    def shown(self) -> dict[str, dict[str, Any]]:
        """Return the shown notifications by tag: the last of each that was not cleared."""
        shown: dict[str, dict[str, Any]] = {}
        for notification in self.received:
            tag = notification["data"]["tag"]
            if notification["message"] == "clear_notification":
                shown.pop(tag, None)
            else:
                shown[tag] = notification
        return shown

    @property
    def screen(self) -> dict[str, Any] | None:
        """Return the only shown notification, None if there is none."""
        return self.notification if self.shown else None

    @property
    def notification(self) -> dict[str, Any]:
        """Return the only shown notification."""
        (notification,) = self.shown.values()
        return notification

    @property
    def loud(self) -> int:
        """Return the number of notifications with a sound."""
        return sum(
            notification["data"].get("importance") != "low"
            and notification["message"] != "clear_notification"
            for notification in self.received
        )

    @property
    def buttons(self) -> list[str]:
        """Return the titles of the buttons."""
        actions = self.notification["data"].get("actions", [])
        return [button["title"] for button in actions]

    async def tap(self, title: str, context: Context | None = None) -> None:
        """Press a button, as the user of a context."""
        (action,) = [
            button["action"]
            for button in self.notification["data"]["actions"]
            if button["title"] == title
        ]
        self.hass.bus.async_fire(
            "mobile_app_notification_action", {"action": action}, context=context
        )
        await settle()
