"""Options of a network as the hub uses them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..const import (
    CONF_ADMISSION,
    CONF_BOARD_LIMIT,
    CONF_DEVICE_NAMES,
    CONF_LIGHT_CHANGE,
    CONF_LIGHT_SILENCE,
    CONF_NAME_PREFIX,
    CONF_SILENCE_LIMIT,
    DEFAULT_BOARD_LIMIT,
    DEFAULT_SILENCE_LIMIT,
    MOST_BOARDS,
)
from ..core.admission import Mode
from ..core.protocol import NAME_PREFIX


@dataclass(frozen=True, slots=True)
class NetworkOptions:
    """The options of a config entry, with defaults for those that are missing."""

    admission: Mode
    board_limit: int
    device_names: bool
    """Whether boards get the names of their devices."""
    light_change: int
    """The smallest change of light, in percent, that is written as a state."""
    light_silence: int
    """Seconds after which any change of light is written; 0 is never."""
    name_prefix: str
    """The text before the number in default names."""
    silence_limit: int
    """Seconds without a message after which a board is offline; 0 is never."""

    @classmethod
    def from_entry(cls, options: Mapping[str, Any]) -> Self:
        """Return the options that a config entry has."""
        return cls(
            admission=Mode(options.get(CONF_ADMISSION, Mode.OPEN)),
            # Earlier releases allowed more: their boards had fewer entities.
            board_limit=min(
                options.get(CONF_BOARD_LIMIT, DEFAULT_BOARD_LIMIT), MOST_BOARDS
            ),
            device_names=options.get(CONF_DEVICE_NAMES, False),
            light_change=options.get(CONF_LIGHT_CHANGE, 0),
            light_silence=options.get(CONF_LIGHT_SILENCE, 0),
            name_prefix=options.get(CONF_NAME_PREFIX, NAME_PREFIX),
            silence_limit=options.get(CONF_SILENCE_LIMIT, DEFAULT_SILENCE_LIMIT),
        )
