"""Tests of JSON from a server that is not trusted."""

import pytest

from custom_components.battery_thermal.lorawan.bounded_json import (
    MOST_CONTAINERS,
    json_loads_object,
)


def test_object() -> None:
    """An object with the largest permitted number of parts is read."""
    lists = b",".join([b"[]"] * (MOST_CONTAINERS - 2))
    assert len(json_loads_object(b'{"a":[' + lists + b"]}")["a"]) == MOST_CONTAINERS - 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"5",
        b"[]",
        b"nonsense",
        b'{"a":' + b"[" * 100_000,
        b'{"a":[' + b"[]," * 80_000 + b"[]]}",
        b'{"a":[' + b"{}," * 80_000 + b"{}]}",
        b'{"a":' + b"[" * 2000 + b"]" * 2000 + b"}",
    ],
)
def test_anything_else(data: bytes) -> None:
    """Anything but an object, and objects that are too deep or too large, are refused."""
    with pytest.raises(ValueError):
        json_loads_object(data)
