"""The files that a dialog offers are downloaded while it is open, by who has opened it."""

import re
from typing import Any

from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from ..flows.test_enrolment_steps import ANSWERS


async def test_downloads(
    hass: HomeAssistant,
    network: ConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_read_only_access_token: str,
) -> None:
    """The texts can be downloaded by who has opened the dialog, until it goes on."""
    await async_setup_component(hass, "config", {})
    client, nobody = await hass_client(), await hass_client_no_auth()
    path = "/api/config/config_entries/options/flow"

    async def post(to: str, data: dict[str, Any]) -> dict[str, Any]:
        answer = await client.post(to, json=data)
        return dict(await answer.json())

    async def show() -> tuple[str, dict[str, str], dict[str, str]]:
        """Return the address of the dialog, the addresses of the files, and the texts."""
        flow = await post(path, {"handler": network.entry_id})
        to = f"{path}/{flow['flow_id']}"
        await post(to, {"next_step_id": "add_board"})
        form = await post(to, ANSWERS)
        links = form["description_placeholders"]["downloads"]
        urls = dict(
            reversed(it)
            for it in re.findall('href="(.*?)" target="_blank">(.*?)<', links)
        )
        return to, urls, {it["name"]: it["default"] for it in form["data_schema"]}

    to, urls, texts = await show()
    expected = {
        "config.py": texts["config"],
        "access_list.txt": texts["access_list"],
        "login.txt": f"{texts['user']}\n{texts['password']}\n",
    }
    for name, url in urls.items():
        answer = await nobody.get(url)
        assert await answer.text() == expected.pop(name)
        assert answer.headers["Content-Disposition"] == (
            f'attachment; filename="{name}"'
        )
        assert answer.headers["Cache-Control"] == "no-store"
    assert not expected
    unsigned, _, _ = urls["config.py"].partition("?")
    assert (await nobody.get(unsigned)).status == 401
    visitor = {"Authorization": f"Bearer {hass_read_only_access_token}"}
    assert (await nobody.get(unsigned, headers=visitor)).status == 401
    await post(to, {})
    assert (await nobody.get(urls["config.py"])).status == 404

    # Nor are they there after the dialog was closed.
    to, urls, _ = await show()
    assert (await nobody.get(urls["login.txt"])).status == 200
    await client.delete(to)
    assert (await nobody.get(urls["login.txt"])).status == 404
