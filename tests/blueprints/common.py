"""Helpers of the tests of blueprints."""

import asyncio
from datetime import timedelta
from pathlib import Path
import shutil
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"


async def settle() -> None:
    """Let started tasks run as far as they can without time passing."""
    for _ in range(100):
        await asyncio.sleep(0)


async def pass_time(freezer: FrozenDateTimeFactory, seconds: float) -> None:
    """Let time pass exactly to the millisecond, also for the timers of the event loop."""
    freezer.tick(timedelta(seconds=seconds))
    await settle()


async def use_blueprint(hass: HomeAssistant, path: str, **inputs: Any) -> str:
    """Make an automation or a script of a blueprint; return its entity id.

    `path` begins with `automation` or `script`, as below the folder of blueprints.
    """
    domain, _, file = path.partition("/")
    target = Path(hass.config.path("blueprints", domain, file))
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(BLUEPRINTS / path, target)
    content = _using(file, inputs)
    config: Any = [content]
    if domain == "script":
        del content["id"]
        config = {"under_test": content}
    assert await async_setup_component(hass, domain, {domain: config})
    await hass.async_block_till_done()
    state = hass.states.get(f"{domain}.under_test")
    # An automation that is not valid is unavailable.
    assert state and state.state in ("on", "off"), state
    return state.entity_id


async def rename_entities(hass: HomeAssistant, device_id: str) -> None:
    """Give all entities of a device other ids, as an owner may."""
    entities = er.async_get(hass)
    for entity in er.async_entries_for_device(entities, device_id):
        entities.async_update_entity(
            entity.entity_id, new_entity_id=f"{entity.entity_id}_renamed"
        )
    await settle()


async def save_another(hass: HomeAssistant, path: str, **inputs: Any) -> None:
    """Save an automation beside that of a blueprint, which is as it was.

    With other inputs than it was made with, that one is saved too.
    """
    another = {"id": "another", "alias": "Another", "triggers": [], "actions": []}
    content = [_using(path.partition("/")[2], inputs), another]
    with patch(
        "homeassistant.config.load_yaml_config_file",
        return_value={"automation": content},
    ):
        await hass.services.async_call("automation", "reload", blocking=True)
    await settle()


def _using(file: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "tested",
        "alias": "Under test",
        "use_blueprint": {"path": file, "input": inputs},
    }
