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

DEFAULT_BOARD_LIMIT: Final = 1000

#: Seconds without a message after which a board is offline: its last will may be lost, and
#: a broker that is stopped sends none. Boards report light every 2 s.
DEFAULT_SILENCE_LIMIT: Final = 30

#: Home Assistant registers no further entity of a config entry that has 10 000 enabled ones,
#: and says so in the log only. A board has 10, 8 of them enabled by default, and the network
#: 5. If the owner had enabled all before the last board joined, 3 of that one would be
#: missing.
MOST_BOARDS: Final = (10_000 - 5) // 10 + 1

#: Seconds that a board has to confirm a LED command.
CONFIRMATION_TIMEOUT: Final = 5.0

#: Seconds for which every board may join after the owner pressed *Permit joining*: as in
#: Zigbee2MQTT, where people know the button from.
PERMIT_JOINING: Final = 254
