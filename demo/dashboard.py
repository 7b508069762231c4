"""The demo's dashboard: Home Assistant's own cards on the entities of both integrations."""

from typing import Any

from .home_assistant import HomeAssistant
from .registry import Registry

URL_PATH = "demo-overview"
TITLE = "Boards and battery"

HOURS = 0.2
"""Time span of the graphs; a demo runs for minutes."""

type Card = dict[str, Any]


def heading(text: str, icon: str, *badges: Card) -> Card:
    """Return a heading for a group of cards."""
    return {"type": "heading", "heading": text, "icon": icon, "badges": list(badges)}


def tile(entity_id: str, *features: Card, **options: Any) -> Card:
    """Return the tile of an entity."""
    return {"type": "tile", "entity": entity_id, "features": list(features), **options}


def board_section(registry: Registry, mac: str) -> Card:
    """Return the cards of a board: LED, button and light."""
    name = registry.device(mac)["name"]
    online = registry.entity(mac, "binary_sensor", "connectivity")
    return {
        "type": "grid",
        "cards": [
            heading(name, "mdi:chip", {"type": "entity", "entity": online}),
            tile(
                registry.entity(mac, "switch", "led"),
                {"type": "toggle"},
                name="LED",
                grid_options={"columns": 6, "rows": 2},
            ),
            tile(
                registry.entity(mac, "binary_sensor", "button"),
                name="Button",
                vertical=True,
                grid_options={"columns": 6, "rows": 2},
            ),
            {
                "type": "sensor",
                "entity": registry.entity(mac, "sensor", "light"),
                "name": "Light",
                "graph": "line",
                "hours_to_show": HOURS,
                "detail": 2,
                "limits": {"min": 0, "max": 100},
                "grid_options": {"columns": 12},
            },
        ],
    }


def battery_section(registry: Registry, node: str) -> list[Card]:
    """Return the cards of the node: the thermal picture, its values and its settings."""
    picture = {
        "type": "picture-entity",
        "entity": registry.entity(node, "image", "thermal"),
        "show_name": False,
        "show_state": False,
        "grid_options": {"columns": "full"},
    }
    temperatures = [
        tile(registry.entity(node, "sensor", key), name=name)
        for key, name in (
            ("maximum", "Hottest"),
            ("minimum", "Coldest"),
            ("ambient", "Ambient"),
        )
    ]
    settings = [
        tile(registry.entity(node, "fan", "fan"), name="Fan"),
        tile(
            registry.entity(node, "number", "threshold"),
            {"type": "numeric-input", "style": "buttons"},
            name="Threshold",
            grid_options={"columns": 12},
        ),
        tile(
            registry.entity(node, "select", "mode"),
            {"type": "select-options"},
            name="Mode",
            grid_options={"columns": 12},
        ),
    ]
    history = {
        "type": "history-graph",
        "hours_to_show": HOURS,
        "entities": [
            registry.entity(node, "sensor", key)
            for key in ("maximum", "minimum", "ambient")
        ],
        "grid_options": {"columns": "full"},
    }
    return [
        {
            "type": "grid",
            "cards": [heading("Battery bank", "mdi:car-battery"), picture],
        },
        {
            "type": "grid",
            "cards": [
                heading("Temperatures and settings", "mdi:thermometer"),
                *temperatures,
                *settings,
                history,
            ],
        },
    ]


async def save_dashboards(
    home_assistant: HomeAssistant, macs: list[str], node: str
) -> list[str]:
    """Create or replace the dashboards, and return their pages, the first page first.

    One of Home Assistant's own cards, and the ones both integrations bring.
    """
    registry = await Registry.load(home_assistant)
    by_name = sorted(macs, key=lambda mac: str(registry.device(mac)["name"]))
    overview = {
        "title": TITLE,
        "views": [
            {
                "title": "Battery",
                "path": "battery",
                "type": "sections",
                "max_columns": 2,
                "sections": battery_section(registry, node),
            },
            {
                "title": "Boards",
                "path": "boards",
                "type": "sections",
                "max_columns": 3,
                "sections": [board_section(registry, mac) for mac in by_name],
            },
        ],
    }
    there = {
        dashboard["url_path"]
        for dashboard in await home_assistant.command("lovelace/dashboards/list")
    }
    for url_path, title, icon, config in (
        (URL_PATH, TITLE, "mdi:home-thermometer", overview),
        ("esp32-boards", "ESP32 boards", "mdi:chip", strategy("esp32-sensors")),
        (
            "battery-thermal",
            "Battery Thermal",
            "mdi:car-battery",
            strategy("battery-thermal"),
        ),
    ):
        if url_path not in there:
            await home_assistant.command(
                "lovelace/dashboards/create",
                url_path=url_path,
                title=title,
                icon=icon,
                mode="storage",
                show_in_sidebar=True,
                require_admin=False,
            )
        await home_assistant.command(
            "lovelace/config/save", url_path=url_path, config=config
        )
    await home_assistant.command(
        "frontend/set_system_data", key="core", value={"default_panel": URL_PATH}
    )
    return [
        f"/{URL_PATH}/battery",
        f"/{URL_PATH}/boards",
        f"/battery-thermal/{registry.device(node)['id']}",
        "/battery-thermal/welcome",
        "/esp32-boards/live",
        "/esp32-boards/history",
        "/esp32-boards/welcome",
    ]


def strategy(name: str) -> Card:
    """Return the configuration of a dashboard that an integration generates."""
    return {"strategy": {"type": f"custom:{name}"}}
