"""Events of a device beside its radio traffic.

Source: the pages MQTT Server, Data Formats and Message Types of The Things Stack's
documentation; ``down/invalidated`` is in its source, pkg/applicationserver/io/mqtt.
"""

from base64 import b64encode

from .device import TheThingsStackDevice
from .messages import encode, simulated_uplink


def simulate(
    device: TheThingsStackDevice,
    f_port: int,
    payload: bytes,
    *,
    old: bool = False,
    **more: object,
) -> None:
    """Publish an uplink simulated in the console: without radio, session and counter.

    ``old``: in the format of earlier releases, without an inner time. ``more``: further
    fields of ``uplink_message``, as the CLI and the API accept them.
    """
    now = device.now
    uplink = simulated_uplink(f_port, payload, old=old) | more
    message = device.message(now, uplink_message=uplink) | {"simulated": True}
    # The console knows the device, not its session.
    for key in ("dev_eui", "join_eui", "dev_addr"):
        message["end_device_ids"].pop(key, None)
    device.store(now, message)
    device.publish_raw("up", encode(message))


def solve_location(device: TheThingsStackDevice) -> None:
    """Publish a location that a location service determined."""
    location = {"latitude": 38.7, "longitude": -9.1, "source": "SOURCE_LORA_TDOA"}
    body = {"service": "device-location", "location": location}
    device.publish_event("location/solved", device.now, location_solved=body)


def serve_data(device: TheThingsStackDevice) -> None:
    """Publish data of an application package."""
    body = {"service": "lora-cloud", "data": {"battery": 3.0}}
    device.publish_event("service/data", device.now, service_data=body)


def invalidate_queue(device: TheThingsStackDevice) -> None:
    """Drop the queue, as after a join when the server may not encrypt."""
    body = {
        "downlinks": [queued.as_json() for queued in device.queue],
        "last_f_cnt_down": device.f_cnt_down,
        "session_key_id": device.session_key_id,
    }
    device.queue.clear()
    device.publish_event(
        "down/invalidated", device.now, downlink_queue_invalidated=body
    )


def normalize(device: TheThingsStackDevice, f_port: int, payload: bytes) -> None:
    """Publish the result of a payload formatter."""
    body = {
        "f_port": f_port,
        "frm_payload": b64encode(payload).decode(),
        "normalized_payload": {"air": {"temperature": 21.5}},
    }
    device.publish_event("up", device.now, uplink_normalized=body)
