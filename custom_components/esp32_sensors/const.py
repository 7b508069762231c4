"""What the files of this integration share."""

from typing import Final

DOMAIN: Final = "esp32_sensors"

CONF_PREFIX: Final = "prefix"

# Options

CONF_ADMISSION: Final = "admission"
CONF_BOARD_LIMIT: Final = "board_limit"
CONF_DEVICE_NAMES: Final = "device_names"
CONF_LIGHT_CHANGE: Final = "light_change"
CONF_LIGHT_SILENCE: Final = "light_silence"
CONF_SILENCE_LIMIT: Final = "silence_limit"

DEFAULT_BOARD_LIMIT: Final = 1000

#: Seconds without a word after which a board counts as gone: the board's will may be
#: lost, and a broker that is stopped sends none. Boards report light every 2 s.
DEFAULT_SILENCE_LIMIT: Final = 30

#: Home Assistant silently adds no more than 10 000 enabled entities of one config entry.
#: A board has 9 and the network 5, also when the owner enables all of them.
MOST_BOARDS: Final = (10_000 - 5) // 9

#: Seconds a board has to confirm a LED command.
CONFIRMATION_TIMEOUT: Final = 5.0

#: Seconds for which everybody may join when the owner permits it: as long as
#: Zigbee2MQTT, where people know the button from.
PERMIT_JOINING: Final = 254
