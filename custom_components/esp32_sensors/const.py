"""Constants of this integration."""

from typing import Final

DOMAIN: Final = "esp32_sensors"

CONF_PREFIX: Final = "prefix"

# Options

CONF_ADMISSION: Final = "admission"
CONF_BOARD_LIMIT: Final = "board_limit"
CONF_DEVICE_NAMES: Final = "device_names"
CONF_LIGHT_CHANGE: Final = "light_change"
CONF_LIGHT_SILENCE: Final = "light_silence"
CONF_NAME_PREFIX: Final = "name_prefix"
CONF_SILENCE_LIMIT: Final = "silence_limit"

#: Seconds without a message after which a board is offline: its last will may be lost, and
#: a broker that is stopped sends none. Boards report light every 2 s.
DEFAULT_SILENCE_LIMIT: Final = 30

#: Entities of a board and of a network, those that are disabled by default included.
BOARD_ENTITIES: Final = 10
NETWORK_ENTITIES: Final = 5

#: Home Assistant registers no further entity of a config entry that has 10 000 enabled ones,
#: and says so in the log only. If the owner had enabled all before the last board joined,
#: some of that one would be missing.
MOST_BOARDS: Final = (10_000 - NETWORK_ENTITIES) // BOARD_ENTITIES + 1

DEFAULT_BOARD_LIMIT: Final = MOST_BOARDS

#: Seconds that a board has to confirm an LED command.
CONFIRMATION_TIMEOUT: Final = 5.0

#: Seconds for which every board may join after the owner pressed *Permit joining*: as in
#: Zigbee2MQTT, where people know the button from.
PERMIT_JOINING: Final = 254
