"""MicroPython's module of this name, for a board without a radio.

There is no Wi-Fi while there is a file ``no_wifi``.
"""

import os

STA_IF = 0
MAC = b"\x02\x00\x00\x00\xab\x01"


class WLAN:
    """The radio."""

    def __init__(self, interface):
        """Start without a connection."""
        self.asked = False

    def active(self, on):
        """Be switched on."""

    def config(self, what):
        """Return the address."""
        return {"mac": MAC}[what]

    def disconnect(self):
        """Forget the network."""
        self.asked = False

    def connect(self, name, password):
        """Join the network, if name and password are right."""
        self.asked = (name, password) == ("home", "secret")

    def isconnected(self):
        """Tell whether there is a connection."""
        return self.asked and "no_wifi" not in os.listdir()

    def status(self):
        """Return the ESP32's code for "no such access point"."""
        return 201
