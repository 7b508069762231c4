"""Tests of the downlink codec."""

from dataclasses import asdict

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.downlink import (
    Settings,
    encode_downlink,
)
from custom_components.battery_thermal.protocol.uplink import sign_12_bits


@pytest.mark.parametrize(
    ("settings", "payload"),
    [
        (Settings(50, Mode.FAST, fan=False), "d032"),
        (Settings(-10, Mode.SLOW, fan=True), "eff6"),
        (Settings(60, Mode.SLOW, fan=False), "c03c"),
        (Settings(300, Mode.FAST, fan=True), "f12c"),
        (Settings(-40, Mode.SLOW, fan=False), "cfd8"),
    ],
)
def test_examples(settings: Settings, payload: str) -> None:
    """Settings are encoded in the two bytes of the owner's protocol."""
    assert encode_downlink(settings).hex() == payload


@given(st.integers(-40, 300), st.sampled_from(Mode), st.booleans())
def test_node_decodes_the_settings(threshold: int, mode: Mode, fan: bool) -> None:
    """Decoded like in the node, the bytes result in the same settings."""
    first, second = encode_downlink(Settings(threshold, mode, fan))
    assert first >> 6 == 3
    assert bool(first & 0x20) is fan
    assert bool(first & 0x10) is (mode is Mode.FAST)
    assert sign_12_bits((first & 0x0F) << 8 | second) == threshold


@pytest.mark.parametrize("threshold", [-41, 301])
def test_threshold_beyond_the_sensor(threshold: int) -> None:
    """A threshold outside of the sensor's range is refused."""
    with pytest.raises(ValueError, match="threshold"):
        encode_downlink(Settings(threshold, Mode.SLOW, fan=False))


def test_settings_survive_json() -> None:
    """Settings are stored as JSON and restored."""
    settings = Settings(-5, Mode.FAST, fan=True)
    assert Settings.from_dict(asdict(settings)) == settings
