"""Tests of the links to the console."""

from typing import Any

import pytest

from custom_components.battery_thermal.lorawan.the_things_stack.console import keys_link

HOST = "stack.example.org"
BATTERIES = {"application": "batteries@ttn"}


@pytest.mark.parametrize(
    ("data", "address"),
    [
        ({"host": HOST}, f"https://{HOST}/console"),
        (
            {"host": HOST, "tls": True, "http_port": 443, **BATTERIES},
            f"https://{HOST}/console/applications/batteries/api-keys",
        ),
        (
            {"host": HOST, "tls": False, "http_port": 1885, **BATTERIES},
            f"http://{HOST}:1885/console/applications/batteries/api-keys",
        ),
        ({"host": HOST, "application": "no (id"}, f"https://{HOST}/console"),
        ({"host": "Stäck.example.org."}, "https://xn--stck-moa.example.org/console"),
    ],
)
def test_keys(data: dict[str, Any], address: str) -> None:
    """The link leads to the keys of the application, or to the console."""
    assert keys_link(data) == f"[{address}]({address})"


@pytest.mark.parametrize("host", ["", "my server", "a](javascript:b", "[fd00::1]"])
def test_no_link(host: str) -> None:
    """What is no host becomes no link."""
    assert keys_link({"host": host}) == ""
