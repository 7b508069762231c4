"""Tests of the button events."""

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.core import HomeAssistant

from .conftest import FakeBoard


@pytest.mark.rule("S-31")
async def test_event(hass: HomeAssistant, online: FakeBoard) -> None:
    """Each push and release triggers an event."""
    seen = []
    hass.bus.async_listen(
        "state_changed",
        lambda event: (
            seen.append(event.data["new_state"].attributes.get("event_type"))
            if event.data["entity_id"] == online.entity_id("event", "button")
            else None
        ),
    )
    for value in (1, 0, 1, 1, 0):
        await online.button(value)
    assert seen == [
        "press_start",
        "press_end",
        "press_start",
        "press_start",
        "press_end",
    ]
    await online.leave()
    assert online.state("event", "button") == "unavailable"


@pytest.mark.rule("S-14", "S-31")
async def test_push_brings_the_board_online(
    hass: HomeAssistant, online: FakeBoard
) -> None:
    """A push that brings a board back online triggers an event."""
    await online.button(1)
    await online.leave()
    seen = async_capture_events(hass, "state_changed")
    for value in (1, 0):
        await online.button(value)
    changes = [
        (old.state, old.attributes.get("event_type"), new.attributes["event_type"])
        for event in seen
        if (new := event.data["new_state"]).entity_id
        == online.entity_id("event", "button")
        and (old := event.data["old_state"])
    ]
    # What automations take as a push does not begin as unavailable.
    assert [
        (before, now) for state, before, now in changes if state != "unavailable"
    ] == [
        ("press_start", "press_start"),
        ("press_start", "press_end"),
    ]
    pushed = [
        (event.data["old_state"].state, event.data["new_state"].state)
        for event in seen
        if event.data["entity_id"] == online.entity_id("binary_sensor", "button")
    ]
    assert pushed == [("unavailable", "off"), ("off", "on"), ("on", "off")]
