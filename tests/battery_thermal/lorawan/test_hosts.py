"""Tests of the names of hosts."""

import pytest

from custom_components.battery_thermal.lorawan.hosts import canonical_host, host_of


@pytest.mark.parametrize(
    ("host", "canonical"),
    [
        ("EU1.Cloud.TheThings.Network", "eu1.cloud.thethings.network"),
        ("eu1.cloud.thethings.network.", "eu1.cloud.thethings.network"),
        (" LocalHost. ", "localhost"),
        ("Bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("A..B", "a..b"),
    ],
)
def test_host(host: str, canonical: str) -> None:
    """A name has one normal form; anything else is only changed to lower case."""
    assert canonical_host(host) == canonical


@pytest.mark.parametrize(
    ("pasted", "host"),
    [
        ("https://EU1.Cloud.TheThings.Network/", "eu1.cloud.thethings.network"),
        (" localhost. ", "localhost"),
        ("mqtt://broker", "broker"),
        ("", ""),
    ],
)
def test_host_of(pasted: str, host: str) -> None:
    """Only the host of a pasted URL is kept."""
    assert host_of(pasted) == host
