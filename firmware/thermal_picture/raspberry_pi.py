"""Hardware of the example node: camera, ambient sensor, fan, LoRaWAN modem.

Needs adafruit-circuitpython-mlx90640, adafruit-circuitpython-dht, gpiozero and pyserial.
Only the modem has been tried without hardware; the rest follows the libraries' pages.
"""

import time
from typing import Any

from node import TooLongError

CAPACITIES = (51, 51, 51, 115, 222, 222)
"""Bytes of a message by data rate, EU868 (RP002)."""

ANSWER_WITHIN = 5.0
"""Seconds for the modem's answer to a command."""

RECEIVE_WITHIN = 10.0
"""Seconds after a message in which a downlink may come: receive windows and its airtime."""

JOIN_WITHIN = 120.0


class Camera:
    """An MLX90640 on the I2C bus, mounted upright: a quarter turned."""

    def __init__(self) -> None:
        """Open it: 4 subpages a second."""
        import adafruit_mlx90640
        import board
        import busio

        self._sensor = adafruit_mlx90640.MLX90640(
            busio.I2C(board.SCL, board.SDA, frequency=400_000)
        )
        self._sensor.refresh_rate = adafruit_mlx90640.RefreshRate.REFRESH_4_HZ

    def frame(self) -> "list[float]":
        """Return 32 rows of 24 temperatures in °C, one row after the other."""
        frame = [0.0] * 768
        while True:
            try:
                self._sensor.getFrame(frame)
                break
            except ValueError:  # a frame that was not read in time
                continue
        # The sensor's columns, from its last row to its first, are the rows.
        return [
            frame[row * 32 + column]
            for column in range(32)
            for row in range(23, -1, -1)
        ]


class Dht11:
    """A DHT11."""

    def __init__(self, pin: int) -> None:
        """Open it at a GPIO pin."""
        import adafruit_dht
        import board

        self._sensor = adafruit_dht.DHT11(getattr(board, f"D{pin}"))
        self._celsius = 20

    def celsius(self) -> int:
        """Return whole °C, the last that could be read."""
        try:
            celsius = self._sensor.temperature
        except RuntimeError:  # it misses an answer now and then
            celsius = None
        if celsius is not None:
            self._celsius = round(celsius)
        return self._celsius


class Fan:
    """A fan behind a transistor or relay at a GPIO pin."""

    def __init__(self, pin: int) -> None:
        """Open it, switched off."""
        from gpiozero import OutputDevice

        self._output = OutputDevice(pin)

    def switch(self, on: bool) -> None:
        """Switch it."""
        self._output.value = on


class Modem:
    """A LoRaWAN modem with RUI3's AT commands, as of RAK3172 modules.

    Band, keys and OTAA are set once by its own commands, and kept by it.
    """

    def __init__(self, port: Any, clock: Any = time.monotonic) -> None:
        """Open a serial port, or use one that is open."""
        if isinstance(port, str):
            import serial

            port = serial.Serial(port, 115200, timeout=0.5)
        self._serial = port
        self._clock = clock

    def join(self) -> None:
        """Join the network; try until that works."""
        while not self._command(
            "AT+JOIN=1:0:10:8", until="+EVT:JOINED", within=JOIN_WITHIN
        ):
            continue

    def capacity(self) -> int:
        """Return how many bytes a message may have at the present data rate."""
        for line in self._command("AT+DR=?", until="OK", within=ANSWER_WITHIN):
            if line.startswith("AT+DR="):
                return CAPACITIES[min(int(line[6:]), len(CAPACITIES) - 1)]
        return CAPACITIES[0]

    def send(self, port: int, payload: bytes) -> "list[tuple[int, bytes]]":
        """Send, and return the downlinks that came back. Raises TooLongError."""
        command = f"AT+SEND={port}:{payload.hex()}"
        answer = self._command(command, until="OK", within=ANSWER_WITHIN)
        if any(line.startswith("AT_PARAM_ERROR") for line in answer):
            raise TooLongError(f"{len(payload)} bytes")
        return [
            (int(fields[5]), bytes.fromhex(fields[6]))
            for line in self._lines(RECEIVE_WITHIN)
            if line.startswith("+EVT:RX_") and len(fields := line.split(":")) == 7
        ]

    def _command(self, command: str, *, until: str, within: float) -> "list[str]":
        """Give a command; return its answer, without the end if that did not come."""
        self._serial.write(f"{command}\r\n".encode())
        answer = []
        for line in self._lines(within):
            answer.append(line)
            if line == until or line.startswith(("AT_", "+EVT:JOIN_FAILED")):
                break
        return answer if until in answer or until == "OK" else []

    def _lines(self, within: float) -> Any:
        """Yield the lines that come within so many seconds."""
        until = self._clock() + within
        while self._clock() < until:
            line = self._serial.readline().decode("ascii", "replace").strip()
            if line:
                yield line
