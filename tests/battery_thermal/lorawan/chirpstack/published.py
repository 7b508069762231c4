"""What the integration reads from a published message."""

from datetime import datetime

from custom_components.battery_thermal.lorawan.chirpstack.ids import Topics
from custom_components.battery_thermal.lorawan.chirpstack.messages import read_event
from custom_components.battery_thermal.lorawan.network_server import ServerMessage
from simulator.chirpstack.attempts import APPLICATION_ID

_TOPICS = Topics(APPLICATION_ID)


def read(topic: str, payload: bytes, received_at: datetime) -> ServerMessage | None:
    """Return the message; None for a topic of another application."""
    if (names := _TOPICS.event_of(topic)) is None:
        return None
    return read_event(*names, payload, received_at).message
