"""Interface of a kind of network server: its forms, its limits, its ids.

Each kind implements it in its own package; `factory` lists them. Texts of its forms and
errors are in the translations, under the `step_id` of the form and the `key` of the error.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import probatio as vol

from homeassistant.core import HomeAssistant, callback

from ..const import CONF_APPLICATION
from .fair_use import FairUse
from .network_server import NetworkServer


def strip_texts(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered without spaces and line ends around texts."""
    return {
        name: value.strip() if isinstance(value, str) else value
        for name, value in user_input.items()
    }


@dataclass(frozen=True, kw_only=True)
class ServerForm:
    """Form of the config flow that asks for an application or its key.

    `clean` returns what was entered, without what pasting adds. `entry_data` returns
    the data of the config entry, or the part of it that the form changes, given that.
    `is_offered` returns whether the form is a choice of the first menu. `console`
    returns a link in Markdown to where the server makes keys, given what is known of the
    entry's data; without a link, an empty text.
    """

    step_id: str
    schema: vol.Schema
    clean: Callable[[Mapping[str, Any]], dict[str, Any]] = strip_texts
    entry_data: Callable[[HomeAssistant, dict[str, Any]], dict[str, Any]] = (
        lambda _hass, user_input: dict(user_input)
    )
    is_offered: Callable[[HomeAssistant], bool] = lambda _hass: True
    console: Callable[[Mapping[str, Any]], str] = lambda _known: ""


class SecretNeededError(Exception):
    """A secret has to be entered again: the host is another one. `field`: of the form."""

    def __init__(self, field: str) -> None:
        """Initialize with the field of the form."""
        super().__init__(field)
        self.field = field


class ServerType(ABC):
    """A kind of network server."""

    key: ClassVar[str]
    """Value of `CONF_SERVER` in the data of its config entries."""
    forms: ClassVar[tuple[ServerForm, ...]]
    """Forms that add an application: one for each choice of the first menu."""
    reconfigure_form: ClassVar[ServerForm]
    reauth_form: ClassVar[ServerForm]
    secrets: ClassVar[frozenset[str]]
    """Keys of the entry's data that no form shows again and diagnostics redact."""
    fair_use: ClassVar[FairUse]
    """Limits that hold where the owner wants to respect them."""
    listens: ClassVar[bool] = False
    """Whether the config flow shows which devices it receives (`async_listen`)."""
    device_id_error: ClassVar[str] = "invalid_device_id"
    """Error of the form for what cannot be the id of a device: it says what an id is."""

    @abstractmethod
    def with_kept_secrets(
        self, before: Mapping[str, Any], entered: dict[str, Any]
    ) -> dict[str, Any]:
        """Return what was entered to change an application, with secrets that stay.

        A secret that was left empty is the one `before`, as long as the host stays: it is
        not sent to another one. Raises SecretNeededError.
        """

    @abstractmethod
    def uses_public_network(self, data: Mapping[str, Any]) -> bool:
        """Return whether fair use limits apply unless the owner decides otherwise."""

    @abstractmethod
    def identity(self, data: Mapping[str, Any]) -> Hashable:
        """Return what two config entries of one application have in common."""

    @abstractmethod
    def is_device_id(self, text: str) -> bool:
        """Return whether a text can be the id of a device."""

    def clean_device_id(self, text: str) -> str:
        """Return the id of a device as the server writes it."""
        return text

    @callback
    def async_title(self, hass: HomeAssistant, data: Mapping[str, Any]) -> str:
        """Return the title of a new config entry."""
        return str(data[CONF_APPLICATION])

    @callback
    def async_heard_names(
        self, hass: HomeAssistant, data: Mapping[str, Any]
    ) -> dict[str, str]:
        """Return the names of devices that were received, by their ids."""
        return {}

    async def async_listen(  # noqa: B027 - most servers list their devices
        self, hass: HomeAssistant, data: Mapping[str, Any]
    ) -> None:
        """Receive messages until an uplink comes, where `listens` is set.

        Raises NetworkServerError.
        """

    async def async_forget(  # noqa: B027 - most servers keep nothing of a client
        self, hass: HomeAssistant, data: Mapping[str, Any]
    ) -> None:
        """Delete what the server keeps of a config entry that was removed.

        Raises NetworkServerError.
        """

    @abstractmethod
    async def async_get_server(
        self, hass: HomeAssistant, data: Mapping[str, Any]
    ) -> NetworkServer:
        """Return the server of a config entry's data, not connected.

        Raises NetworkServerError if the data cannot be those of a server.
        """
