"""Tests of the messages that the stand-in publishes."""

from base64 import b64encode
from datetime import UTC, datetime

import aiomqtt
import pytest

from simulator.the_things_stack import (
    Reception,
    TheThingsStack,
    TheThingsStackDevice,
    extras,
)
from tests.simulator.the_things_stack.conftest import (
    APPLICATION,
    SETTINGS,
    client,
    following,
)


async def test_uplink_as_json(
    device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """An uplink has every field that an application reads; zero, empty and false are absent."""
    moment = datetime(2026, 3, 1, 12, 0, 0, 123456, UTC)
    gateways = [
        Reception("near", "58A0CBFFFE800001", -60, 9.25, moment),
        Reception("far", "58A0CBFFFE800002", -118, 0.0),
    ]
    await device.uplink(2, 7, bytes(49), received_at=moment, receptions=gateways)
    topic, message = await following(heard)
    assert topic == "bank-1/up"
    assert message["end_device_ids"]["device_id"] == "bank-1"
    assert message["end_device_ids"]["application_ids"] == {
        "application_id": "batteries"
    }
    uplink = message["uplink_message"]
    assert uplink["session_key_id"] == device.session_key_id
    assert (uplink["f_port"], uplink["f_cnt"]) == (2, 7)
    assert uplink["frm_payload"] == b64encode(bytes(49)).decode()
    assert uplink["received_at"].startswith("2026-03-01T12:00:00.123456")
    assert len(uplink["received_at"]) == len("2026-03-01T12:00:00.123456789Z")
    assert datetime.fromisoformat(uplink["received_at"]) == moment
    assert uplink["settings"]["frequency"].isdecimal()
    assert uplink["settings"]["data_rate"]["lora"]["bandwidth"] == 125_000
    assert uplink["settings"]["data_rate"]["lora"]["spreading_factor"] == 7
    assert uplink["consumed_airtime"] == "0.118016s"
    assert "confirmed" not in uplink
    near, far = uplink["rx_metadata"]
    assert near["gateway_ids"] == {"gateway_id": "near", "eui": "58A0CBFFFE800001"}
    assert (near["rssi"], near["snr"]) == (-60, 9.25)
    assert "snr" not in far and "time" not in far


async def test_zeroes_are_absent(
    device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """Counter 0, and port and payload of a MAC-only uplink, are absent."""
    await device.uplink(1, 0, b"\x00", receptions=[])
    _, message = await following(heard)
    assert "f_cnt" not in message["uplink_message"]
    assert "rx_metadata" not in message["uplink_message"]
    await device.mac_uplink(1)
    _, message = await following(heard)
    assert message["uplink_message"]["f_cnt"] == 1
    assert not {"f_port", "frm_payload"} & message["uplink_message"].keys()


async def test_what_is_no_radio_traffic(
    device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """All documented events of a device can be published."""
    await heard.subscribe(f"{APPLICATION}/devices/+/location/solved")
    await heard.subscribe(f"{APPLICATION}/devices/+/service/data")
    device.push([SETTINGS])
    await following(heard)
    extras.invalidate_queue(device)
    topic, message = await following(heard)
    assert topic == "bank-1/down/invalidated"
    (dropped,) = message["downlink_queue_invalidated"]["downlinks"]
    assert dropped["correlation_ids"][0] == "battery_thermal:1"
    assert not device.queue
    extras.solve_location(device)
    topic, message = await following(heard)
    assert (topic, "location_solved" in message) == ("bank-1/location/solved", True)
    extras.serve_data(device)
    topic, message = await following(heard)
    assert (topic, "service_data" in message) == ("bank-1/service/data", True)
    extras.normalize(device, 1, b"\x00")
    topic, message = await following(heard)
    assert (topic, "uplink_normalized" in message) == ("bank-1/up", True)


@pytest.mark.parametrize("old", [False, True])
async def test_simulated_uplink(
    device: TheThingsStackDevice, heard: aiomqtt.Client, old: bool
) -> None:
    """A simulated uplink has no session, counter, radio data or time of its own."""
    extras.simulate(device, 1, b"\x00", old=old)
    topic, message = await following(heard)
    assert topic == "bank-1/up"
    assert message["simulated"] is True
    assert datetime.fromisoformat(message["received_at"])
    ids = {"device_id": "bank-1", "application_ids": {"application_id": "batteries"}}
    assert message["end_device_ids"] == ids
    time = {"received_at": "0001-01-01T00:00:00Z"} if old else {}
    assert message["uplink_message"] == {"f_port": 1, "frm_payload": "AA=="} | time


async def test_payloads_that_stay_encrypted(
    device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """Undecrypted payloads are published with the wrapped session key."""
    device.skip_payload_crypto = True
    await device.join()
    _, message = await following(heard)
    assert message["join_accept"]["app_s_key"]["encrypted_key"]
    await device.uplink(1, 1, bytes(49))
    _, message = await following(heard)
    uplink = message["uplink_message"]
    assert uplink["app_s_key"]["kek_label"]
    assert len(uplink["frm_payload"]) == len(b64encode(bytes(49)))
    assert uplink["frm_payload"] != b64encode(bytes(49)).decode()


async def test_packet_broker_without_figures(
    device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """Uplinks of Packet Broker may have no signal figures."""
    nobody = Reception("packetbroker", rssi=0, snr=0.0)
    await device.uplink(1, 0, b"\x00", receptions=[nobody])
    _, message = await following(heard)
    (reception,) = message["uplink_message"]["rx_metadata"]
    assert not {"rssi", "channel_rssi", "snr"} & reception.keys()


async def test_gateways_that_do_not_report(stack: TheThingsStack) -> None:
    """Gateways that do not report transmissions cause no ``down/sent``."""
    device = stack.add_device("bank-1", gateway_acknowledges=False)
    await device.join()
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/#")
        device.push([SETTINGS])
        assert await device.uplink(1, 0, b"\x00") is not None
        await device.uplink(1, 1, b"\x00")
        topics = [(await following(listener))[0] for _ in range(3)]
    assert topics == ["bank-1/down/queued", "bank-1/up", "bank-1/up"]
