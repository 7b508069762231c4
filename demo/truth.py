"""Comparison of Home Assistant's states with the simulated boards."""

from collections.abc import Callable
from typing import Any

from simulator.boards import Board

from .broker import Broker
from .home_assistant import HomeAssistant

ON_OFF = {True: "on", False: "off"}

type Truth = Callable[[Board], str]

TRUTHS: tuple[tuple[str, str, Truth], ...] = (
    ("binary_sensor", "connectivity", lambda board: ON_OFF[board.started]),
    ("switch", "led", lambda board: ON_OFF[board.led]),
    ("binary_sensor", "button", lambda board: ON_OFF[board.button]),
    ("sensor", "light", lambda board: str(board.reported_light)),
)
"""An entity of a board: its domain, its translation key, and the board's true value."""


async def entities(
    home_assistant: HomeAssistant, domain: str, key: str
) -> dict[str, str]:
    """Return the entity id of each board, by MAC."""
    devices = {
        device["id"]: value.upper()
        for device in await home_assistant.command("config/device_registry/list")
        for kind, value in device["connections"]
        if kind == "mac"
    }
    return {
        devices[entity["device_id"]]: entity["entity_id"]
        for entity in await home_assistant.command("config/entity_registry/list")
        if entity["platform"] == "esp32_sensors"
        and entity["translation_key"] == key
        and entity["entity_id"].startswith(f"{domain}.")
        and entity["device_id"] in devices
    }


async def differences(home_assistant: HomeAssistant, boards: list[Board]) -> list[str]:
    """Return the states that differ from the boards."""
    states: dict[str, str] = {
        state["entity_id"]: state["state"]
        for state in await home_assistant.get("/api/states")
    }
    found = []
    for domain, key, truth in TRUTHS:
        ids = await entities(home_assistant, domain, key)
        for board in boards:
            shown = states.get(ids.get(board.mac, ""), "missing")
            if shown != truth(board):
                found.append(
                    f"{board.mac} {board.name} ({board.kind}) {key}: shown {shown}, is {truth(board)}"
                )
    return found


async def set_up(home_assistant: HomeAssistant, broker: Broker) -> None:
    """Add the broker and a network of boards through the config flows."""
    answers: dict[str, Any] = {
        "broker": broker.host,
        "port": broker.port,
        "protocol": "5" if broker.protocol == 5 else "3.1.1",
        "other_settings": {"set_client_cert": False, "set_ca_cert": "off"},
    }
    await home_assistant.run_flow("mqtt", answers)
    await home_assistant.run_flow("esp32_sensors", {"prefix": ""})


async def network_figure(home_assistant: HomeAssistant, key: str) -> int | None:
    """Return a statistic of the network by its translation key, None before it exists."""
    for entity in await home_assistant.command("config/entity_registry/list"):
        if entity["platform"] == "esp32_sensors" and entity["translation_key"] == key:
            state = (await home_assistant.state(entity["entity_id"]))["state"]
            return int(state) if state.isdigit() else None
    return None
