"""The code of the dashboards: served by Home Assistant, and loaded by every browser.

The source of this module is common/python; script/sync writes the copies.
"""

import asyncio
from hashlib import sha256
from pathlib import Path
from typing import Final

from homeassistant.components.frontend import add_extra_js_url, remove_extra_js_url
from homeassistant.components.http.server import StaticPathConfig
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.const import CONF_ID, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

FOLDER: Final = Path(__file__).parent / "frontend"
MAIN: Final = "main.js"

_URL: Final = HassKey[str](f"{DOMAIN}_code_url")
_LOCK: Final = HassKey[asyncio.Lock](f"{DOMAIN}_resources_lock")


async def async_serve(hass: HomeAssistant) -> None:
    """Serve the code under a path that contains a hash of its content.

    So browsers may cache it without a time limit, and never mix files of two versions.
    """
    base = f"/{DOMAIN}/{await hass.async_add_executor_job(_content_hash)}"
    await hass.http.async_register_static_paths(
        [StaticPathConfig(base, str(FOLDER), cache_headers=True)]
    )
    hass.data[_URL] = f"{base}/{MAIN}"


async def async_add_resource(hass: HomeAssistant) -> None:
    """Add the code to the resources that every dashboard loads.

    Code that is loaded as an extra module is often lost while the frontend starts. That
    way is used only where the owner keeps the resources in YAML, which is read-only.
    """
    if (lovelace := hass.data.get(LOVELACE_DATA)) is None:
        return
    url = hass.data[_URL]
    resources = lovelace.resources
    if not isinstance(resources, ResourceStorageCollection):
        add_extra_js_url(hass, url)
        return
    wanted = {"res_type": "module", CONF_URL: url}
    # Several entries are set up at once.
    async with hass.data.setdefault(_LOCK, asyncio.Lock()):
        ours = await _async_ours(resources)
        if not ours:
            await resources.async_create_item(wanted)
        elif ours[0][CONF_URL] != url:
            await resources.async_update_item(ours[0][CONF_ID], wanted)


async def async_remove_resource(hass: HomeAssistant) -> None:
    """Remove the code from what the dashboards load."""
    if (lovelace := hass.data.get(LOVELACE_DATA)) is None:
        return
    resources = lovelace.resources
    if isinstance(resources, ResourceStorageCollection):
        for item in await _async_ours(resources):
            await resources.async_delete_item(item[CONF_ID])
    elif (url := hass.data.get(_URL)) is not None:
        remove_extra_js_url(hass, url)


async def _async_ours(resources: ResourceStorageCollection) -> list[dict[str, str]]:
    """Return the resources of this integration, of any version."""
    # This loads them. A collection that is not loaded looks empty, and adding to it
    # overwrites the owner's resources.
    await resources.async_get_info()
    return [
        item
        for item in resources.async_items()
        if item[CONF_URL].startswith(f"/{DOMAIN}/")
    ]


def _content_hash() -> str:
    """Return a hash of the names and contents of all modules, 16 hexadecimal digits."""
    digest = sha256()
    for file in sorted(FOLDER.rglob("*.js")):
        content = file.read_bytes()
        name = file.relative_to(FOLDER).as_posix()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
