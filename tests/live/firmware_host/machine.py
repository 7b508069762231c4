"""MicroPython's module of this name, for a board without a body: its pins are files.

``pin2`` holds the level that the program, or a test as its owner's hand, has put on pin
2. A pin without a file is pulled up.
"""


class Pin:
    """A pin, digital or analogue."""

    IN = OUT = PULL_UP = 0

    def __init__(self, number, *_):
        """Know its file."""
        self.file = f"pin{number}"

    def read(self):
        """Return what the file says, 1 where there is none."""
        try:
            with open(self.file) as file:
                return int(file.read() or 1)
        except OSError:
            return 1

    def value(self, level=None):
        """Return the level, or set it."""
        if level is None:
            return self.read()
        with open(self.file, "w") as file:
            file.write(str(level))
        return None


class ADC:
    """A converter behind a pin."""

    ATTN_11DB = 0

    def __init__(self, pin, atten):
        """Know its pin."""
        self.pin = pin

    def read_u16(self):
        """Return 0 to 65535."""
        return self.pin.read()


class WDT:
    """A watchdog that leaves a file when it was fed, and never bites."""

    def __init__(self, timeout):
        """Say that it watches."""
        print("watchdog, ms:", timeout)

    def feed(self):
        """Leave the file."""
        with open("fed", "w"):
            pass


class Timer:
    """A timer that never goes off."""

    def __init__(self, number):
        """Be one of the four."""

    def init(self, period, callback):
        """Say when it would go off."""
        print("timer, ms:", period)
