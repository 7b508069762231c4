"""Tests of reports that are opened: by their link, and in the media browser."""

from datetime import timedelta
import os
from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.battery_thermal.render.report_image import as_image
from homeassistant.components.media_source import (
    BrowseMediaSource,
    Unresolvable,
    async_browse_media,
    async_resolve_media,
)
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.battery_thermal.world import World

from .test_report_actions import HOUR, report


async def test_url(
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    world: World,
    media: Path,
) -> None:
    """The URL of the answer opens the report without a login; nothing else is served."""
    page, answer = await report(world)
    stranger = await hass_client_no_auth()
    response = await stranger.get(answer["url"])
    assert response.status == 200
    assert await response.text() == page
    assert "sandbox" in response.headers["Content-Security-Policy"]
    base = answer["url"].partition("?")[0]
    assert (await stranger.get(base)).status == 401
    client = await hass_client()
    assert (await client.get(base)).status == 200
    folder, _, name = base.rpartition("/")
    (media / "battery_thermal" / "x.html").write_text("x")
    for other in ("x.html", f"not_there_{name[-11:]}", "..%2Fx.html"):
        assert (await client.get(f"{folder}/{other}")).status in (400, 404)
    assert (await client.get("/api/battery_thermal/reports/no/x.html")).status == 404


async def test_in_the_media_browser(
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    world: World,
    media: Path,
) -> None:
    """Reports are listed by their days, the newest first, and open as an image."""
    hass = world.hass
    assert await async_setup_component(hass, "media_source", {})
    node = f"media-source://battery_thermal/{world.battery_node.subentry_id}"

    async def listed(identifier: str) -> list[BrowseMediaSource]:
        found = await async_browse_media(hass, identifier)
        assert found.children is not None
        return [one for one in found.children if isinstance(one, BrowseMediaSource)]

    assert await listed(node) == []
    assert await listed(f"{node}/reports") == []
    day = dt_util.as_local(dt_util.utcnow()).date()
    page, _ = await report(world, start=dt_util.utcnow() - 48 * HOUR)
    folder = media / "battery_thermal"
    (file,) = folder.iterdir()
    os.utime(file, (0, 0))
    await report(world, start=dt_util.utcnow() - 24 * HOUR)
    # Of another node, and one without days in its name.
    (folder / "other_2026-01-01_2026-01-02_abcdef.html").write_text(page)
    mine = f"mine_{file.name[-11:]}"
    (folder / mine).write_text(page)
    os.utime(folder / mine, (1, 1))
    # Deleted while they are listed.
    (folder / f"gone_{file.name[-11:]}").symlink_to(folder / "gone")
    (reports,) = await listed(node)
    assert reports.title == "Reports"
    items = await listed(f"{node}/reports")
    assert [one.title for one in items] == [
        f"{day - timedelta(days=1)} – {day}",
        mine,
        f"{day - timedelta(days=2)} – {day}",
    ]
    assert all(one.can_play and not one.can_expand for one in items)
    oldest = f"media-source://battery_thermal/{items[-1].identifier}"
    played = await async_resolve_media(hass, oldest, None)
    client = await hass_client()
    response = await client.get(played.url)
    assert (response.content_type, played.mime_type) == ("image/svg+xml",) * 2
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert await response.text() == as_image(page)
    with file.open("r+b") as written:
        written.truncate(5_000_001)
    assert (await client.get(played.url)).status == 413
    base = played.url.removesuffix("/image").rpartition("/")[0]
    assert (await client.get(f"{base}/x.html/image")).status == 404
    with pytest.raises(Unresolvable):
        await async_resolve_media(hass, f"{node}/reports/x.html", None)
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({})
    assert (await client.get(played.url)).status == 401


async def test_url_without_permission(
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    world: World,
    media: Path,
) -> None:
    """Who may not see the node's picture may not read its reports."""
    _, answer = await report(world)
    client = await hass_client()
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({})
    base = answer["url"].partition("?")[0]
    assert (await client.get(base)).status == 401
