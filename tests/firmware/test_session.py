"""What the firmware says and understands, held against the integration's own reading of it."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from hypothesis import given, strategies as st
import pytest

from custom_components.esp32_sensors import protocol

MAC = "61:EC:ED:3B:25:B1"
SESSION = "capteur01;1743946777.603371"

spec = spec_from_file_location(
    "session", Path(__file__).parents[2] / "firmware/session.py"
)
assert spec and spec.loader
session = module_from_spec(spec)
spec.loader.exec_module(session)


def test_mac() -> None:
    """Upper case, with colons."""
    assert session.mac_text(bytes.fromhex("61eced3b25b1")) == MAC


@pytest.mark.parametrize(
    ("prefix", "directed_to", "expected"),
    [
        ("", "", "led/status"),
        ("user", "", "user/led/status"),
        ("user/", "", "user/led/status"),
        ("", MAC, f"led/status/{MAC}"),
        ("a/b/", MAC, f"a/b/led/status/{MAC}"),
    ],
)
def test_topics(prefix: str, directed_to: str, expected: str) -> None:
    """With or without a prefix, shared or of one's own."""
    assert session.topic("led/status", prefix, directed_to) == expected


def test_assigned() -> None:
    """What the integration assigns is taken whole."""
    for name in "capteur01", "Salon é", "x" * protocol.NAME_BYTES:
        assignment = protocol.format_assignment(MAC, name, "1743946777.603371")
        assert session.assigned(assignment, MAC) == f"{name};1743946777.603371"


@pytest.mark.parametrize(
    "payload",
    [
        "",
        MAC,
        f"61:EC:ED:3B:25:B2;{SESSION}",
        f"{MAC.lower()};{SESSION}",
        f"{MAC};{SESSION};",
        f"{MAC};;1743946777.603371",
        f"{MAC};capteur01;",
        f"{MAC};{'é' * 15};1743946777.603371",
        f"{MAC};capteur01;11743946777.603371",
    ],
)
def test_not_assigned(payload: str) -> None:
    """Assignments for others, and those that are none."""
    assert session.assigned(payload, MAC) is None


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (f"{SESSION};1", True),
        (f"{SESSION};0", False),
        (f"{SESSION};2", None),
        (f"{SESSION}", None),
        ("capteur01;1743946777.603370;1", None),
        ("capteur02;1743946777.603371;1", None),
    ],
)
def test_commanded(payload: str, expected: bool | None) -> None:
    """Commands for this session, and for no other."""
    assert session.commanded(payload, SESSION) is expected


def test_commands_of_the_integration() -> None:
    """They are obeyed as they were meant."""
    for on in True, False:
        command = protocol.format_led_command("capteur01", "1743946777.603371", on)
        assert session.commanded(command, SESSION) is on


@pytest.mark.parametrize("value", [True, False, 0, 58, 100])
def test_said(value: int) -> None:
    """The integration reads what the board says."""
    report = protocol.parse_light(session.said(SESSION, value).encode())
    assert report == ("capteur01", "1743946777.603371", int(value))


@given(st.integers(0, 65535), st.integers(0, 65535), st.integers(0, 65535))
def test_light_is_what_the_protocol_allows(
    dark: int, bright: int, reading: int
) -> None:
    """Whatever the ends are set to, as long as they differ."""
    if dark == bright:
        return
    percent = session.percent(dark, bright, reading)
    assert 0 <= percent <= 100
    assert session.percent(dark, bright, dark) == 0
    assert session.percent(dark, bright, bright) == 100
