"""Tests of the firmware's messages with the integration's parsers."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from hypothesis import given, strategies as st
import pytest

from custom_components.esp32_sensors.core import protocol
from custom_components.esp32_sensors.core.firmware import parse_info

MAC = "61:EC:ED:3B:25:B1"
SESSION = "capteur01;1743946777.603371"

spec = spec_from_file_location(
    "session", Path(__file__).parents[2] / "firmware/session.py"
)
assert spec and spec.loader
session = module_from_spec(spec)
spec.loader.exec_module(session)


def test_mac() -> None:
    """A MAC is written in upper case, with colons."""
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
    """Topics may have a prefix, and may be shared or directed."""
    assert session.topic("led/status", prefix, directed_to) == expected


def test_assigned() -> None:
    """Assignments of the integration are accepted."""
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
    """Assignments for other boards, and invalid ones, are ignored."""
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
    """Only commands for the current session are executed."""
    assert session.commanded(payload, SESSION) is expected


def test_commands_of_the_integration() -> None:
    """Commands of the integration are executed."""
    for on in True, False:
        command = protocol.format_led_command("capteur01", "1743946777.603371", on)
        assert session.commanded(command, SESSION) is on


@pytest.mark.parametrize("value", [True, False, 0, 58, 100])
def test_messages_of_the_firmware(value: int) -> None:
    """The integration parses the messages of the firmware."""
    report = protocol.parse_report(100, session.said(SESSION, value).encode())
    assert report == ("capteur01", "1743946777.603371", int(value))


def test_what_the_firmware_says_of_itself() -> None:
    """The integration parses name and version of the firmware."""
    info = parse_info(session.about(SESSION).encode())
    assert (info.name, info.session_id) == tuple(SESSION.split(";"))
    assert info.firmware == (session.FIRMWARE, session.VERSION)
    assert session.QOS["state/info"] == 0


@given(st.integers(0, 65535), st.integers(0, 65535), st.integers(0, 65535))
def test_light_is_within_its_limits(dark: int, bright: int, reading: int) -> None:
    """Light is between 0 and 100 with any limits, as long as they differ."""
    if dark == bright:
        return
    percent = session.percent(dark, bright, reading)
    assert 0 <= percent <= 100
    assert session.percent(dark, bright, dark) == 0
    assert session.percent(dark, bright, bright) == 100
