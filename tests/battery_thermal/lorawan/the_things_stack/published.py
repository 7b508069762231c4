"""What the integration reads from a published message."""

from datetime import datetime

from custom_components.battery_thermal.lorawan.network_server import ServerMessage
from custom_components.battery_thermal.lorawan.the_things_stack.messages import (
    read_message,
)


def read(topic: str, payload: bytes, received_at: datetime) -> ServerMessage:
    """Return the message; its time of reception is in it."""
    return read_message(topic, payload)
