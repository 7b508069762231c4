"""MicroPython's module ``machine`` for a board without hardware: its pins are files.

``pin2`` holds the level that the program or a test has set at pin 2. A pin without
a file is pulled up.
"""


class Pin:
    """A pin, digital or analogue."""

    IN = OUT = PULL_UP = 0

    def __init__(self, number, *_):
        """Initialize with its file."""
        self.file = f"pin{number}"

    def read(self):
        """Return the content of the file, 1 without one."""
        try:
            with open(self.file) as file:
                return int(file.read() or 1)
        except OSError:
            return 1

    def value(self, level=None):
        """Return or set the level."""
        if level is None:
            return self.read()
        with open(self.file, "w") as file:
            file.write(str(level))
        return None


class ADC:
    """A converter behind a pin."""

    ATTN_11DB = 0

    def __init__(self, pin, atten):
        """Initialize with its pin."""
        self.pin = pin

    def read_u16(self):
        """Return 0 to 65535."""
        return self.pin.read()


class WDT:
    """A watchdog that only writes a file when it is fed."""

    def __init__(self, timeout):
        """Write that it is active."""
        print("watchdog, ms:", timeout)

    def feed(self):
        """Write the file."""
        with open("fed", "w"):
            pass


class Timer:
    """A timer that never fires."""

    def __init__(self, number):
        """Initialize one of the four timers."""

    def init(self, period, callback):
        """Ignore the schedule."""
        print("timer, ms:", period)
