"""What a new board and the broker need."""

from pathlib import Path
import runpy

from hypothesis import given, strategies as st
import pytest

from custom_components.esp32_sensors.core.enrolment import (
    Settings,
    access_list,
    configuration,
    is_broker_address,
    is_wifi_name,
    is_wifi_password,
    login_of,
    parse_mac,
)

MAC = "61:EC:ED:3B:25:B1"
REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("text", "mac"),
    [
        (MAC, MAC),
        (" 61-ec-ed-3b-25-b1\n", MAC),
        ("61ecED3b25b1", MAC),
        ("61:EC:ED:3B:25", None),
        ("61:EC:ED:3B:25:B1:00", None),
        ("61:EC:ED:3B:25:BX", None),
        ("٦1:EC:ED:3B:25:B1", None),
        ("", None),
    ],
)
def test_mac(text: str, mac: str | None) -> None:
    """A MAC is read as tools write it, and written as the firmware does."""
    assert parse_mac(text) == mac


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("192.168.1.10", True),
        ("fd00::10", True),
        ("broker.local", True),
        ("my_broker-2", True),
        ("", False),
        ("mqtt://192.168.1.10", False),
        ("192.168.1.10:1883", False),
        ("broker local", False),
        ("localhost", True),
    ],
)
def test_broker_address(text: str, is_one: bool) -> None:
    """A broker has a host name or an IP address, without anything around it."""
    assert is_broker_address(text) is is_one


def test_wifi() -> None:
    """Names and passphrases have the lengths of the standard."""
    assert [is_wifi_name(name) for name in ("", "x", "é" * 16, "é" * 17)] == [
        False,
        True,
        True,
        False,
    ]
    assert [is_wifi_password("x" * count) for count in (0, 1, 7, 8, 63, 64)] == [
        True,
        False,
        False,
        True,
        True,
        False,
    ]


def test_access_list() -> None:
    """The lines are those that deploy/mosquitto/add-board writes."""
    script = (REPOSITORY / "deploy" / "mosquitto" / "add-board").read_text()
    written = script.split("<<EOT\n")[1].split("EOT")[0].strip()
    expected = written.replace("$user", login_of(MAC)).replace("$mac", MAC)
    assert access_list(MAC, "") == f"{expected}\n"
    assert f"topic write user/state/join/{MAC}\n" in access_list(MAC, "user/")


def read(text: str, path: Path) -> dict[str, object]:
    """Return the settings that a `config.py` has."""
    path.write_text(text)
    found = runpy.run_path(str(path))
    return {name: value for name, value in found.items() if name.isupper()}


texts = st.text(max_size=63)


@given(texts, texts, texts, texts)
def test_configuration(name: str, password: str, broker: str, prefix: str) -> None:
    """Any text arrives on the board as it was, and the file is plain ASCII."""
    settings = Settings(MAC, name, password, broker, 1884, prefix)
    text = configuration(settings, "secret")
    assert text.isascii()
    found: dict[str, object] = {}
    exec(text, found)  # noqa: S102
    assert found["WIFI_NAME"] == name
    assert found["WIFI_PASSWORD"] == password
    assert (found["BROKER"], found["BROKER_PORT"]) == (broker, 1884)
    assert (found["BROKER_USER"], found["BROKER_PASSWORD"]) == (login_of(MAC), "secret")
    assert (found["TOPIC_PREFIX"], found["OWN_TOPICS"]) == (prefix, True)


def test_configuration_of_the_firmware(tmp_path: Path) -> None:
    """It has the settings of the firmware's example, with the same pins and limits."""
    example = (REPOSITORY / "firmware" / "config.example.py").read_text()
    expected = read(example, tmp_path / "example.py")
    settings = Settings(MAC, "", "", "", 1883, "")
    found = read(configuration(settings, ""), tmp_path / "config.py")
    assert found == expected | {"BROKER_USER": login_of(MAC), "OWN_TOPICS": True}
