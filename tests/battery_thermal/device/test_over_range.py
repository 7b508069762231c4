"""Tests of temperatures above the node's range: from the radio to the states, they are never silent."""

import csv
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from custom_components.battery_thermal.api.serialisation import image_as_dict
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator.node import Mode
from tests.battery_thermal.test_binary_sensor import threshold
from tests.battery_thermal.world import World

PIXEL = (17, 9)


def on(world: World, key: str) -> bool:
    """Return whether a binary sensor is on."""
    return world.state("binary_sensor", key).state == "on"


@pytest.mark.parametrize("mode", Mode)
async def test_every_kind_of_hot_pixel(world: World, mode: Mode) -> None:
    """A hot pixel, shown, over the range or wrapped, raises at least one alarm."""
    await threshold(world, 50)
    world.node.mode = mode
    await world.image()
    await world.image()
    for celsius, over, doubtful in (
        (60.0, False, False),
        (305.2, False, False),
        (320.0, True, False),
        (350.0, True, False),
        (397.2, True, True),
        (440.0, False, None),
    ):
        world.model.heat_pixel(PIXEL, celsius)
        await world.image()
        maximum = world.state("sensor", "maximum")
        picture = world.state("image", "thermal")
        assert on(world, "over_threshold") or on(world, "unseen_heat"), celsius
        assert world.record.rejected == {}
        assert world.state("fan", "fan").state == "on"
        if over:
            assert float(maximum.state) == pytest.approx(celsius, abs=0.11)
            assert maximum.attributes["over_range"] == "over 307 °C"
            assert picture.attributes["over_range"] == "over 307 °C"
        else:
            assert "over_range" not in maximum.attributes
            assert "over_range" not in picture.attributes
        if doubtful is not None:
            assert picture.attributes["suspect"] is doubtful
    world.model.heat_pixel(PIXEL, None)
    await world.image()
    assert not on(world, "over_threshold")
    assert not on(world, "unseen_heat")
    assert world.state("fan", "fan").state == "off"


async def test_heat_that_only_the_fan_shows(world: World) -> None:
    """Unseen heat is an alarm, unless another reason explains the fan."""
    assert world.state("binary_sensor", "unseen_heat").state == STATE_UNKNOWN
    await threshold(world, 50)
    assert not on(world, "unseen_heat")
    world.model.heat_pixel(PIXEL, 440.0)
    await world.image()
    assert on(world, "unseen_heat")
    assert not on(world, "over_threshold")
    assert float(world.state("sensor", "maximum").state) < 50

    world.node.restart()
    await world.step()
    assert world.state("binary_sensor", "unseen_heat").state == STATE_UNKNOWN


async def test_dead_pixel_explains_the_fan(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    """A declared dead pixel that is over the threshold causes no alarm."""
    await world.configure(correction={"dead_pixels": ["18, 10"]})
    await threshold(world, 50)
    world.node.mode = Mode.SLOW
    alive = world.model.frame

    def broken(t: float) -> np.ndarray:
        frame = alive(t)
        frame[PIXEL] = 440.0
        return frame

    monkeypatch.setattr(world.model, "frame", broken)
    await world.image()
    for _ in range(2):
        await world.image()
        assert world.state("fan", "fan").state == "on"
        assert not on(world, "unseen_heat")
        assert not on(world, "over_threshold")
        assert not world.state("image", "thermal").attributes["suspect"]


async def test_line_that_hides_its_pixel(world: World) -> None:
    """A maximum over the range is reported although the line with its pixel was lost."""
    await threshold(world, 50)
    world.model.heat_pixel(PIXEL, 320.0)
    lost = world.node.next_uplink()
    assert lost.line == 0
    await world.image()
    assert world.record.images.measured
    assert len(world.record.images.measured.missing_lines) == 1
    assert on(world, "over_threshold")
    assert world.state("sensor", "maximum").attributes["over_range"] == "over 307 °C"


async def test_ambient_that_no_sensor_measures(world: World) -> None:
    """A line with an impossible ambient temperature is counted, and shown."""
    await world.image()
    ambient = world.state("sensor", "ambient").state
    uplink = world.node.next_uplink()
    last = world.node.next_uplink()
    for one in (uplink, last):
        payload = one.payload[:-1] + bytes([0x80 | 99])
        await world.pass_time(30)
        await world.device.uplink(one.f_port, one.f_cnt, payload)
        await world.heard()
    assert world.record.rejected == {"ambient": 2}
    assert world.state("sensor", "ambient").state == ambient
    assert world.state("fan", "fan").state == "on"


async def test_text_of_values_above_the_range(
    hass: HomeAssistant, all_entities: None, tmp_path: Path, world: World
) -> None:
    """The same text is used everywhere for values above the range."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    await world.configure(cells={"rows": 4, "columns": 3}, correction={"offset": -20})
    start = world.now
    world.model.heat_pixel(PIXEL, 308.0)
    await world.image()

    cell = world.state("sensor", "cell_maximum_7")
    assert cell.attributes["over_range"] == "over 307 °C"
    assert float(cell.state) >= 307.2
    assert "over_range" not in world.state("sensor", "cell_maximum_0").attributes

    record = world.record
    assert record.images.measured
    sent = image_as_dict(record.images.measured, record.config.options)
    assert (sent["over_range"], sent["over"], sent["doubtful"]) == (True, [[4, 2]], [])
    assert sent["areas"][7]["over_range"] is True

    for name in ("images.csv", "images.npz"):
        await hass.services.async_call(
            "battery_thermal",
            "export",
            {
                "device_id": device_id(world),
                "start": start,
                "filename": str(tmp_path / name),
            },
            blocking=True,
        )
    (row,) = csv.DictReader(StringIO((tmp_path / "images.csv").read_text()))
    assert row["over_range"] == "over 307 °C: r5c3"
    assert row["doubtful"] == ""
    with np.load(tmp_path / "images.npz") as arrays:
        assert np.argwhere(arrays["over_range"]).tolist() == [[0, 4, 2]]

    answer = await hass.services.async_call(
        "battery_thermal",
        "get_image",
        {"device_id": device_id(world), "hottest_since": start},
        blocking=True,
        return_response=True,
    )
    assert answer
    assert answer["over_range"] == "over 307 °C"


def device_id(world: World) -> str:
    """Return the id of the node's device."""
    entity = world.hass.states.get(world.entity_id("sensor", "maximum"))
    assert entity
    entry = er.async_get(world.hass).async_get(entity.entity_id)
    assert entry
    assert entry.device_id
    return entry.device_id
