"""Tests of the ids of applications, tenants and devices."""

import pytest

from custom_components.battery_thermal.lorawan.the_things_stack.ids import (
    is_id,
    is_user_name,
)
from custom_components.battery_thermal.lorawan.the_things_stack.server import is_ttn


def test_the_things_network() -> None:
    """A cluster is recognized in any spelling."""
    assert is_ttn("EU1.cloud.thethings.network.")
    assert not is_ttn("eu1.cloud.thethings.network.example")


@pytest.mark.parametrize("good", ["abc", "garage", "node-0", "a1b", "a" * 36])
def test_id(good: str) -> None:
    """An id has small letters, digits, and single hyphens in between."""
    assert is_id(good)


@pytest.mark.parametrize(
    "bad",
    [
        *(
            "",
            "ab",
            "a" * 37,
            "Garage",
            "a b c",
            "a/../b",
            "..",
            "-abc",
            "abc-",
            "a--b",
        ),
        *("gärage", "abc\n", "a%2fb", "a#b", "a+b", "１２３", 5, None, ["abc"]),
    ],
)
def test_no_id(bad: object) -> None:
    """A text that could change an address or a topic is refused."""
    assert not is_id(bad)


def test_user_name() -> None:
    """A user name has an application, and a tenant or none."""
    assert is_user_name("batteries")
    assert is_user_name("batteries@ttn")
    for bad in ("batteries@", "@ttn", "batteries@ttn@ttn", "b/c@ttn", ""):
        assert not is_user_name(bad)
