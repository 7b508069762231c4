"""Tests of the end of subscriptions when a user or a token is removed."""

from types import SimpleNamespace
from typing import Any

from pytest_homeassistant_custom_component.common import MockUser

from custom_components.battery_thermal.api.rights import async_follow_rights
from homeassistant.core import HomeAssistant


def follow(hass: HomeAssistant, user: MockUser, token_id: str | None) -> list[str]:
    """Follow the rights of a connection; return the recorded calls."""
    happened: list[str] = []
    connection: Any = SimpleNamespace(user=user, refresh_token_id=token_id)

    def end() -> None:
        happened.append("ended")
        stop()

    stop = async_follow_rights(
        hass, connection, lambda: happened.append("changed"), end
    )
    return happened


async def test_user_is_removed(hass: HomeAssistant) -> None:
    """The removal of a user also revokes the token, and ends a subscription once."""
    user = MockUser().add_to_hass(hass)
    token = await hass.auth.async_create_refresh_token(user, "https://example.com")
    happened = follow(hass, user, token.id)
    await hass.auth.async_remove_user(user)
    await hass.async_block_till_done()
    assert happened == ["ended"]


async def test_connection_without_token(hass: HomeAssistant) -> None:
    """A connection without a token ends when its user is removed."""
    user = MockUser().add_to_hass(hass)
    happened = follow(hass, user, None)
    await hass.auth.async_update_user(user, name="Other")
    await hass.async_block_till_done()
    assert happened == ["changed"]
    await hass.auth.async_update_user(user, is_active=False)
    await hass.async_block_till_done()
    assert happened == ["changed", "ended"]


async def test_token_is_revoked(hass: HomeAssistant) -> None:
    """A revoked token ends the subscription of its connection."""
    user = MockUser().add_to_hass(hass)
    token = await hass.auth.async_create_refresh_token(user, "https://example.com")
    happened = follow(hass, user, token.id)
    hass.auth.async_remove_refresh_token(token)
    await hass.async_block_till_done()
    assert happened == ["ended"]
