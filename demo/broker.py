"""The MQTT broker of the demo: mosquitto if installed, else amqtt from the package index."""

import asyncio
import getpass
import os
from pathlib import Path
import shutil
import sys
from typing import Literal

from .processes import Child, log_tail

START_SECONDS = 20

MOSQUITTO = """\
# Written by the demo. A broker for this machine alone; for a real network see deploy/mosquitto.
user {user}
listener {port} 127.0.0.1
allow_anonymous true
persistence false
# Without it a command that follows an acknowledgement waits for the peer's delayed ACK, about 40 ms.
set_tcp_nodelay true
"""

AMQTT = """\
listeners:
  default: {{type: tcp, bind: "127.0.0.1:{port}"}}
plugins:
  amqtt.plugins.authentication.AnonymousAuthPlugin: {{allow_anonymous: true}}
"""


class BrokerError(Exception):
    """The broker did not start."""


def find_mosquitto() -> str | None:
    """Return the path of mosquitto. Debian installs it outside of other users' PATH."""
    return shutil.which(
        "mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    )


class Broker:
    """A broker in its own process, on loopback."""

    def __init__(self, folder: Path, port: int, program: str = "auto") -> None:
        """Choose the program; ``folder`` takes its configuration and its log."""
        self.host = "127.0.0.1"
        self.port = port
        mosquitto = None if program == "amqtt" else find_mosquitto()
        if program == "mosquitto" and mosquitto is None:
            raise BrokerError("mosquitto is not installed")
        self.name = "mosquitto" if mosquitto else "amqtt"
        # amqtt supports MQTT 3.1.1 only.
        self.protocol: Literal[4, 5] = 5 if mosquitto else 4
        folder.mkdir(parents=True, exist_ok=True)
        configuration = folder / "broker.conf"
        if mosquitto:
            configuration.write_text(
                MOSQUITTO.format(port=port, user=getpass.getuser())
            )
            command = [mosquitto, "-c", str(configuration)]
        else:
            configuration.write_text(AMQTT.format(port=port))
            amqtt = Path(sys.prefix).parent / "broker" / "bin" / "amqtt"
            command = [str(amqtt), "-c", str(configuration)]
        self.child = Child("broker", command, folder)

    async def start(self) -> None:
        """Start the broker; return when it accepts connections."""
        await self.child.start()
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        while True:
            try:
                _, writer = await asyncio.open_connection(self.host, self.port)
            except OSError as error:
                late = asyncio.get_running_loop().time() > deadline
                if late or not self.child.running:
                    raise BrokerError(
                        f"{self.name} did not start:\n{log_tail(self.child.log)}"
                    ) from error
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return

    async def stop(self) -> None:
        """Stop the broker."""
        await self.child.stop()
