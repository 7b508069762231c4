"""Configurations, uplinks and images for tests of a node's rules, without sockets."""

from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.device.node_config import NodeConfig, node_config
from custom_components.battery_thermal.lorawan.network_server import Link, Uplink
from custom_components.battery_thermal.lorawan.receptions import Reception
from custom_components.battery_thermal.lorawan.the_things_stack.storage import STORAGE
from homeassistant.config_entries import ConfigSubentry
from simulator.node import BatteryNode, Mode, Numbering
from simulator.thermal_model import ThermalModel

from .common import DEVICE_ID, DOMAIN

START = datetime(2026, 3, 4, tzinfo=UTC)
INTERVAL = timedelta(seconds=30)


def subentry(**data: Any) -> ConfigSubentry:
    """Return the subentry of a node."""
    return ConfigSubentry(
        data=MappingProxyType({"device_id": DEVICE_ID, "layout": "slow_24"} | data),
        subentry_type="node",
        title="Garage",
        unique_id=DEVICE_ID,
    )


def config_entry(host: str = "eu1.cloud.thethings.network", **options: Any) -> Any:
    """Return the entry of an application."""
    return MockConfigEntry(
        domain=DOMAIN, title="batteries", data={"host": host}, options=options
    )


def config(**data: Any) -> NodeConfig:
    """Return the settings of a node whose subentry has such data."""
    return node_config(config_entry(), subentry(**data), STORAGE)


def make_uplink(number: int = 0, payload: bytes = b"", **changes: Any) -> Uplink:
    """Return an uplink: the messages of a node are 30 s apart."""
    values: dict[str, Any] = {
        "device_id": DEVICE_ID,
        "session": "first",
        "f_cnt": number,
        "f_port": 1,
        "payload": payload,
        "received_at": START + number * INTERVAL,
        "link": Link(
            gateways=1,
            receptions=(Reception("garage", -90, 5),),
            spreading_factor=7,
            bandwidth=125_000,
            airtime=0.1 + number / 1000,
        ),
    }
    return Uplink(**values | changes)


class SilentRadio:
    """A radio that sends nothing."""

    async def join(self) -> None:
        """Ignore the join."""

    async def uplink(self, *_: Any, **__: Any) -> None:
        """Ignore the uplink."""


def node_uplinks(
    count: int,
    *,
    mode: Mode = Mode.FAST,
    numbering: Numbering = Numbering.RUNNING,
    rejoins_at: int | None = None,
    start: datetime = START,
) -> list[Uplink]:
    """Return the uplinks of a node, with a new session from message `rejoins_at` on."""
    node = BatteryNode(ThermalModel(), SilentRadio(), numbering=numbering)
    node.mode = mode
    uplinks = []
    session = "first"
    for number in range(count):
        if number == rejoins_at:
            node.restart()
            node.mode = mode
            session = "second"
        sent = node.next_uplink()
        uplinks.append(
            make_uplink(
                number,
                sent.payload,
                f_cnt=sent.f_cnt,
                f_port=sent.f_port,
                session=session,
                received_at=start + number * INTERVAL,
            )
        )
    return uplinks
