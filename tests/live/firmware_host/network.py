"""MicroPython's module ``network`` for a board without a radio.

There is no Wi-Fi while a file ``no_wifi`` exists.
"""

import os

STA_IF = 0
MAC = b"\x02\x00\x00\x00\xab\x01"


class WLAN:
    """The Wi-Fi interface."""

    def __init__(self, interface):
        """Initialize without a connection."""
        self.asked = False

    def active(self, on):
        """Switch the interface on."""

    def config(self, what):
        """Return the address."""
        return {"mac": MAC}[what]

    def disconnect(self):
        """Disconnect."""
        self.asked = False

    def connect(self, name, password):
        """Connect if name and password are correct."""
        self.asked = (name, password) == ("home", "correct horse")

    def isconnected(self):
        """Return whether there is a connection."""
        return self.asked and "no_wifi" not in os.listdir()

    def status(self):
        """Return the ESP32's code for "no such access point"."""
        return 201
