"""Reading and order of receptions by gateways."""

from typing import Any

import pytest

from custom_components.battery_thermal.lorawan.json_values import UNKNOWN_SHAPE
from custom_components.battery_thermal.lorawan.receptions import (
    MOST_RECEPTIONS,
    Reception,
    read_reception,
    strongest_first,
)


@pytest.mark.parametrize(
    ("gateway", "fields", "reception"),
    [
        ("eui-58a0cbfffe800001", {"rssi": -90, "snr": 5}, (-90, 5)),
        ("a" * 36, {"rssi": -90}, (-90, 0)),
        ("a", {"snr": -3.5}, (None, -3.5)),
        ("a", {}, (None, None)),
    ],
)
def test_read(gateway: str, fields: dict[str, Any], reception: Any) -> None:
    """One value alone that is absent is zero, which cannot be an RSSI."""
    assert read_reception(gateway, fields) == Reception(gateway, *reception)


@pytest.mark.parametrize("gateway", [None, 7, "", "A", "a" * 37, "a--b", "[a](b)", "-"])
def test_no_id_of_a_gateway(gateway: object) -> None:
    """Text that no gateway can have as its id is not shown; its signal is."""
    assert read_reception(gateway, {"rssi": -90, "snr": 5}) == Reception("", -90, 5)


@pytest.mark.parametrize("value", ["loud", None, [], float("nan")])
def test_wrong_shape(value: object) -> None:
    """What is not a number makes the uplink one of unknown shape."""
    with pytest.raises(UNKNOWN_SHAPE):
        read_reception("a", {"rssi": value})


def test_strongest_first() -> None:
    """Order is by SNR, then RSSI; unknown is last; the number is limited."""
    unknown, weak, strong, near = (
        Reception("d", None, None),
        Reception("c", -120, -3.5),
        Reception("b", -100, 9),
        Reception("a", -80, 9),
    )
    assert strongest_first([unknown, weak, strong, near]) == (
        near,
        strong,
        weak,
        unknown,
    )
    assert len(strongest_first([weak] * 50)) == MOST_RECEPTIONS
