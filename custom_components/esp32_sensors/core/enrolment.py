"""What a new board and the broker need: a login, lines of an access list, `config.py`.

The board uses directed topics, so the broker can bind its login to its MAC. The names in
`config.py` are those of the repository's firmware for MicroPython.
"""

from ipaddress import ip_address
import re
from typing import Final, NamedTuple

from . import protocol
from .firmware import INFO
from .readings import KINDS

#: Largest number of bytes of a Wi-Fi network's name, and least and largest number of
#: characters of its passphrase (IEEE 802.11).
_WIFI_NAME_BYTES: Final = 32
_WIFI_PASSWORD: Final = range(8, 64)

_MAC: Final = re.compile(r"(?:[0-9A-F]{2}:){5}[0-9A-F]{2}")

_HOST_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")

#: What a board publishes, and what it receives; without the readings.
_WRITTEN: Final = (protocol.JOIN, protocol.LEAVE, INFO)
_READ: Final = (protocol.NAME_ASSIGN, protocol.LED_COMMAND)


class Settings(NamedTuple):
    """What the owner says about a board to enrol."""

    mac: str
    """As the board writes it: in upper case."""
    wifi_name: str
    wifi_password: str
    broker: str
    broker_port: int
    prefix: str
    """What the network puts before every topic."""


def parse_mac(text: str) -> str | None:
    """Return a MAC as the firmware writes it; None when it is none.

    Hyphens and missing separators are accepted: tools print MACs in these ways too.
    """
    digits = re.sub(r"[:\-\s]", "", text).upper()
    mac = ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
    return mac if _MAC.fullmatch(mac) else None


def is_broker_address(text: str) -> bool:
    """Return whether a text is a host name or an IP address, and not a URL or with a port."""
    try:
        ip_address(text)
    except ValueError:
        return _HOST_NAME.fullmatch(text) is not None
    return True


def is_wifi_name(name: str) -> bool:
    """Return whether a Wi-Fi network can have this name."""
    return 0 < len(name.encode()) <= _WIFI_NAME_BYTES


def is_wifi_password(password: str) -> bool:
    """Return whether a Wi-Fi network can have this passphrase; none is possible."""
    return not password or len(password) in _WIFI_PASSWORD


def login_of(mac: str) -> str:
    """Return the user name of a board: without colons, which end it in password files."""
    return f"board-{mac.replace(':', '')}"


def access_list(mac: str, prefix: str) -> str:
    """Return the lines of mosquitto's access list for the login of a board."""
    written = (*_WRITTEN, *(kind.topic for kind in KINDS))
    lines = [f"user {login_of(mac)}"]
    lines += [f"topic write {prefix}{topic}/{mac}" for topic in written]
    lines += [f"topic read {prefix}{topic}/{mac}" for topic in _READ]
    return "\n".join(lines) + "\n"


def configuration(settings: Settings, password: str) -> str:
    """Return the file `config.py` of a board; ``password`` is that of its login."""
    return f'''\
"""Configuration of the board {settings.mac}. It has secrets: it stays on the board."""

WIFI_NAME = {_literal(settings.wifi_name)}
WIFI_PASSWORD = {_literal(settings.wifi_password)}

BROKER = {_literal(settings.broker)}
BROKER_PORT = {settings.broker_port}
BROKER_USER = {_literal(login_of(settings.mac))}
BROKER_PASSWORD = {_literal(password)}

TOPIC_PREFIX = {_literal(settings.prefix)}
OWN_TOPICS = True

# Pins, as the ESP32 numbers them (GPIO).
LED_PIN = 2
LED_ON = 1  # 0 if the LED is between the pin and 3.3 V
BUTTON_PIN = 0
LIGHT_PIN = 34  # one of 32 to 39

# Readings of the photoresistor's pin, 0 to 65535, in the dark and in bright light.
LIGHT_DARK = 65535
LIGHT_BRIGHT = 0
'''


def _literal(text: str) -> str:
    """Return a string of Python in double quotes, in ASCII."""
    inner = "".join(
        f"\\{character}"
        if character in '"\\'
        else character
        if character.isascii() and character.isprintable()
        else f"\\U{ord(character):08x}"
        for character in text
    )
    return f'"{inner}"'
