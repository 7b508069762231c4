"""What the files of this integration share."""

from typing import Final

DOMAIN: Final = "esp32_sensors"

CONF_PREFIX: Final = "prefix"

#: Seconds without a word after which a board counts as gone: the board's will may be
#: lost, and a broker that is stopped sends none. Boards report light every 2 s.
SILENCE_LIMIT: Final = 30.0

#: Seconds a board has to confirm a LED command.
CONFIRMATION_TIMEOUT: Final = 5.0
