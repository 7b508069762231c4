"""Tests of what every network server returns and raises."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from custom_components.battery_thermal.lorawan.factory import SERVER_TYPES
from custom_components.battery_thermal.lorawan.network_server import (
    AccessError,
    Link,
    NetworkServerError,
    RateLimitedError,
    UnansweredError,
    UnreachableError,
)
from custom_components.battery_thermal.lorawan.receptions import Reception

assert SERVER_TYPES, "importing the factory imports the errors of all servers"


def errors(kind: type[NetworkServerError]) -> Iterator[type[NetworkServerError]]:
    """Yield an error and all that are derived from it."""
    yield kind
    for derived in kind.__subclasses__():
        yield from errors(derived)


def test_signal_of_the_best_gateway() -> None:
    """RSSI and SNR are those of the strongest reception, which is the first."""
    best = Reception("balcony", -90.0, 7.5)
    receptions = (best, Reception("roof", -110.0, -3.0))
    link = Link(
        gateways=2,
        receptions=receptions,
        spreading_factor=7,
        bandwidth=125_000,
        airtime=0.1,
    )
    assert (link.rssi, link.snr) == (-90.0, 7.5)
    unknown = replace(link, receptions=())
    assert (unknown.rssi, unknown.snr) == (None, None)


def test_errors_are_told_apart() -> None:
    """Each error has a key of its own, but for one that is shown like the one above it."""
    keys = [error.key for error in errors(NetworkServerError) if "key" in vars(error)]
    assert len(keys) == len(set(keys))
    # Whether the server has taken a downlink is unknown; for the owner it is the same.
    assert UnansweredError.key == UnreachableError.key == "cannot_connect"


def test_another_key_is_asked_for() -> None:
    """Only errors of access ask for another key; a server that is busy does not."""
    of_access = {error.key for error in errors(AccessError)}
    assert {"invalid_key", "no_rights", "foreign_application"} <= of_access
    assert not {"cannot_connect", "rate_limited", "tls_failed"} & of_access


@pytest.mark.parametrize("seconds", [None, 0.0, 30.0])
def test_wait(seconds: float | None) -> None:
    """A server may say how long to wait."""
    assert RateLimitedError(seconds).retry_after == seconds
    assert RateLimitedError().retry_after is None
