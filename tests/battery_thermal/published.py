"""Uplinks of the simulated node as each network server publishes them, read again.

With the messages of the stand-ins in between, the yield of images holds for a server, and
not for the rules of assembly alone.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import Final

from custom_components.battery_thermal.lorawan.chirpstack.messages import read_event
from custom_components.battery_thermal.lorawan.network_server import Uplink
from custom_components.battery_thermal.lorawan.the_things_stack.messages import (
    read_message,
)
from simulator.chirpstack import GatewayReception, events
from simulator.node import Uplink as Frame
from simulator.the_things_stack import Reception, messages

type Publisher = Callable[[int, Frame, datetime], Uplink]
"""Takes the number of the session, a frame, and the time of its reception."""

_RANDOM: Final = Random(1)
_DEV_EUI: Final = "70b3d57ed0001234"
_DEVICE: Final = events.DeviceIdentity(
    tenant_id="tenant",
    application_id="application",
    application_name="Batteries",
    device_profile_id="profile",
    dev_eui=_DEV_EUI,
    name="Garage",
)


def by_the_things_stack(session: int, frame: Frame, received_at: datetime) -> Uplink:
    """Return an uplink that The Things Stack has published."""
    body = messages.uplink_message(
        session_key_id=f"session-{session}",
        f_port=frame.f_port,
        f_cnt=frame.f_cnt,
        payload=frame.payload,
        confirmed=False,
        receptions=(Reception("balcony"),),
        spreading_factor=7,
        frequency=868_100_000,
        received_at=received_at,
        random=_RANDOM,
        app_s_key={},
    )
    document = messages.present({"uplink_message": body})
    topic = "v3/batteries@ttn/devices/garage/up"
    uplink = read_message(topic, messages.encode(document))
    assert isinstance(uplink, Uplink)
    return uplink


def by_chirpstack(session: int, frame: Frame, received_at: datetime) -> Uplink:
    """Return an uplink that ChirpStack has published."""
    event = events.uplink(
        time=events.timestamp(received_at, _RANDOM),
        deduplication_id=events.identifier(_RANDOM),
        device=_DEVICE,
        dev_addr=f"{session + 1:08x}",
        spreading_factor=7,
        f_cnt=frame.f_cnt,
        f_port=frame.f_port,
        confirmed=False,
        payload=frame.payload,
        receptions=(GatewayReception(),),
        frequency=868_100_000,
        join_server_context=None,
    )
    uplink = read_event(_DEV_EUI, "up", events.encode(event), received_at).message
    assert isinstance(uplink, Uplink)
    return uplink


PUBLISHERS: Final[Mapping[str, Publisher]] = {
    "The Things Stack": by_the_things_stack,
    "ChirpStack": by_chirpstack,
}
