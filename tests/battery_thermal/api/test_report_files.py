"""Tests of the files of reports: their place, their name, what is refused."""

from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from homeassistant.core import Context
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from tests.battery_thermal.world import World

from .test_report_actions import GRID, HOUR, fill, report, rows, stored


async def test_language_and_unit(world: World, media: Path) -> None:
    """The report is in those of Home Assistant."""
    world.hass.config.language = "fr"
    world.hass.config.units = US_CUSTOMARY_SYSTEM
    await world.configure(cells=GRID)
    start, end = await fill(world)
    page, _ = await report(world, start=start, end=end)
    assert '<html lang="fr">' in page
    assert "Rapport de Garage" in page
    images = stored(world, start, end)
    highest = max(one.image.values[one.image.present].max() for one in images) / 10
    text = f"{highest * 1.8 + 32:.1f} °F".replace(".", ",")
    assert rows(page)["Maximum"][0][0].startswith(text)
    assert rows(page)["Déséquilibre, alerte et alarme au-dessus de"][0][0] == (
        "9,0 °F / 18,0 °F"
    )


async def test_without_images(world: World, media: Path) -> None:
    """A report of a span without images says so; without cells it has none."""
    page, answer = await report(world, end=dt_util.utcnow() - 1000 * HOUR)
    assert answer["images"] == 0
    assert "There are no images of this period." in page
    assert "When this was written; not recorded in this period" in page
    assert rows(page)["Image too old after"][0][0] == "60 min"
    assert "Imbalance" not in page


async def test_refused(
    hass_read_only_user: MockUser, world: World, media: Path
) -> None:
    """A span that ends before it starts, other files, and users who may not."""
    now = dt_util.utcnow()
    with pytest.raises(ServiceValidationError) as error:
        await report(world, start=now, end=now)
    assert error.value.translation_key == "no_span"
    with pytest.raises(ServiceValidationError, match="html"):
        await report(world, filename=str(media / "a.csv"))
    with pytest.raises(ServiceValidationError, match="not allowed"):
        await report(world, filename="/etc/a.html")
    with pytest.raises(Unauthorized):
        await world.hass.services.async_call(
            "battery_thermal",
            "create_report",
            {"entity_id": world.entity_id("image", "thermal")},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    (media / "battery_thermal").write_text("in the way")
    with pytest.raises(HomeAssistantError, match="battery_thermal"):
        await report(world)


async def test_chosen_file(world: World, media: Path) -> None:
    """The caller may choose the file; there is no URL then."""
    page, answer = await report(world, filename=str(media / "mine.html"))
    assert answer["filename"] == str(media / "mine.html")
    assert answer["url"] is None
    assert page.startswith("<!DOCTYPE html>")
