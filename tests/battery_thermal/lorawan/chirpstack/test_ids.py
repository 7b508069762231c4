"""Tests of the ids and topics of ChirpStack."""

import pytest

from custom_components.battery_thermal.lorawan.chirpstack.ids import (
    Topics,
    is_application_id,
    is_dev_eui,
    is_topic_prefix,
    normalized_dev_eui,
    normalized_prefix,
)

APPLICATION = "0b5f0e2a-4c1d-4f7e-9a51-6d1f0c6d9b11"
EUI = "70b3d57ed0001234"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (APPLICATION, True),
        (APPLICATION.upper(), False),
        (APPLICATION[:-1], False),
        (f"{APPLICATION}\n", False),
        ("batteries", False),
        ("", False),
        (None, False),
    ],
)
def test_application_id(text: object, expected: bool) -> None:
    """An application's ID is a UUID in lower case."""
    assert is_application_id(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [(EUI, True), (EUI.upper(), False), (EUI[1:], False), ("../", False), (5, False)],
)
def test_dev_eui(text: object, expected: bool) -> None:
    """An EUI has 16 digits in lower case."""
    assert is_dev_eui(text) is expected


@pytest.mark.parametrize(
    "text",
    ["70B3D57ED0001234", " 70:B3:D5:7E:D0:00:12:34\n", "70-b3-d5-7e-d0-00-12-34"],
)
def test_normalized_dev_eui(text: str) -> None:
    """Separators and capitals in an EUI are accepted."""
    assert normalized_dev_eui(text) == EUI


@pytest.mark.parametrize(
    ("text", "prefix", "possible"),
    [
        ("", "", True),
        (" eu868 ", "eu868/", True),
        ("a/b/", "a/b/", True),
        ("+", "+/", False),
        ("a#", "a#/", False),
        ("a" * 300, "a" * 300 + "/", False),
    ],
)
def test_prefix(text: str, prefix: str, possible: bool) -> None:
    """A prefix ends with a slash, and has no wildcards."""
    assert normalized_prefix(text) == prefix
    assert is_topic_prefix(prefix) is possible


def test_topics() -> None:
    """Topics have the prefixes, the application, the device and the event."""
    topics = Topics(APPLICATION, "eu868/", "cs/")
    base = f"application/{APPLICATION}/device"
    assert topics.event_filter == f"eu868/{base}/+/event/+"
    assert topics.downlink(EUI) == f"cs/{base}/{EUI}/command/down"
    assert topics.check == f"cs/{base}/0000000000000000/command/check"
    assert topics.event_of(f"eu868/{base}/{EUI}/event/up") == (EUI, "up")


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "application",
        f"application/other/device/{EUI}/event/up",
        f"application/{APPLICATION}/device/{EUI}/command/down",
        f"application/{APPLICATION}/device/{EUI}/event/up/more",
        f"application/{APPLICATION}/device/a/../b/event/up",
        f"application/{APPLICATION}/device/{EUI.upper()}/event/up",
        f"{EUI}/event/up",
    ],
)
def test_other_topics(topic: str) -> None:
    """Another topic is not an event."""
    assert Topics(APPLICATION).event_of(topic) is None
