"""Tests of the settings of a node, from its entry and subentry."""

from custom_components.battery_thermal.device.node_config import node_config
from custom_components.battery_thermal.protocol.layout import Layout, Numbering
from tests.battery_thermal.uplinks import config_entry, subentry


def test_defaults() -> None:
    """A node of The Things Network respects fair use; nothing else is set."""
    config = node_config(config_entry(), subentry(), None)
    assert (config.name, config.device_id) == ("Garage", "garage")
    assert (config.layout, config.numbering) == (Layout.SLOW_24, Numbering.AUTO)
    assert config.fair_use
    assert config.budget == 8
    assert not config.confirmed
    assert config.silent_after is None


def test_own_server() -> None:
    """Without fair use the number of downlinks is not limited."""
    config = node_config(config_entry("192.0.2.1"), subentry(), None)
    assert not config.fair_use
    assert config.budget is None


def test_settings_of_the_owner() -> None:
    """Settings of the owner replace the defaults."""
    entry = config_entry("192.0.2.1", fair_use=True, budget=3)
    config = node_config(
        entry, subentry(numbering="port", confirmed=True, silent_after=90), None
    )
    assert config.budget == 3
    assert config.numbering is Numbering.PORT
    assert config.confirmed
    assert config.silent_after == 90
