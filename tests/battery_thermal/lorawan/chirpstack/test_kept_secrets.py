"""Tests of the secrets of ChirpStack's broker that need not be entered again."""

from typing import Any

import pytest

from custom_components.battery_thermal.lorawan.factory import SERVER_TYPES
from custom_components.battery_thermal.lorawan.server_type import SecretNeededError

CHIRPSTACK = SERVER_TYPES["chirpstack"]

BEFORE = {
    "host": "broker.lan",
    "username": "ha",
    "password": "secret",
    "client_certificate": "CERT",
    "client_key": "KEY",
}


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ({"username": "ha"}, {"password": "secret"}),
        ({"client_certificate": "CERT"}, {"client_key": "KEY"}),
        ({"username": "ha", "password": "new"}, {}),
        # Without an account none of its secrets is needed.
        ({}, {}),
    ],
)
def test_kept(entered: dict[str, Any], kept: dict[str, str]) -> None:
    """What is left empty stays, as long as its account is entered."""
    entered = {"host": "BROKER.lan.", **entered}
    assert CHIRPSTACK.with_kept_secrets(BEFORE, entered) == entered | kept


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"host": "other.lan", "username": "ha"}, "password"),
        ({"host": "broker.lan", "username": "somebody"}, "password"),
        ({"host": "other.lan", "client_certificate": "CERT"}, "client_key"),
    ],
)
def test_needed(entered: dict[str, Any], field: str) -> None:
    """A secret is not sent to another host or with another account."""
    with pytest.raises(SecretNeededError) as needed:
        CHIRPSTACK.with_kept_secrets(BEFORE, entered)
    assert needed.value.field == field


def test_none_before() -> None:
    """Where there was no password, none is needed."""
    entered = {"host": "other.lan", "username": "ha"}
    assert CHIRPSTACK.with_kept_secrets({"host": "broker.lan"}, entered) == entered
