"""Random disturbances of the stand-in, all of a kind that occurs in practice."""

from collections.abc import Callable
from functools import partial
from random import Random

from . import extras
from .faults import HttpFault, StreamFault
from .server import TheThingsStack

_ERRORS = ("no_device_session", "expired_downlink", "transmission")


def disturbances(
    stack: TheThingsStack, random: Random
) -> dict[str, Callable[[], None]]:
    """Return all disturbances by name."""
    faults = stack.faults
    device = random.choice(list(stack.devices.values()))

    def refuse() -> None:
        faults.connack = 3
        stack.mqtt.cut()

    def publish_raw(payload: bytes) -> Callable[[], None]:
        return lambda: device.publish_raw("up", payload)

    def answer(fault: HttpFault) -> Callable[[], None]:
        return lambda: faults.http.append(fault)

    def spoil(fault: StreamFault) -> Callable[[], None]:
        return lambda: faults.streams.append(fault)

    return {
        "an error in a stream": spoil(StreamFault.ERROR),
        "a stream cut": spoil(StreamFault.CUT),
        "an uplink made in the console": partial(extras.simulate, device, 1, bytes(37)),
        "a location solved": partial(extras.solve_location, device),
        "service data": partial(extras.serve_data, device),
        "a queue invalidated": partial(extras.invalidate_queue, device),
        "an uplink normalized": partial(extras.normalize, device, 1, bytes(37)),
        "connections cut": stack.mqtt.cut,
        "rate limited": refuse,
        "cut in the middle of a message": lambda: setattr(
            faults, "cut_publish_after", random.randint(1, 200)
        ),
        "half a message": lambda: setattr(faults, "broken_json", 1),
        "no JSON": publish_raw(random.randbytes(40)),
        "no message": publish_raw(b"{}"),
        "another shape": publish_raw(b'{"uplink_message":[],"end_device_ids":1}'),
        "the last uplink again": device.repeat,
        "downlink failed": lambda: device.fail_next(random.choice(_ERRORS)),
        "HTTP 429": answer(HttpFault(429, retry_after=random.randint(1, 5))),
        "HTTP 500": answer(HttpFault(500)),
        "HTTP without an answer": answer(HttpFault(0)),
        "HTTP with a web page": answer(HttpFault(200, body=b"<html>")),
    }


def disturb(stack: TheThingsStack, random: Random) -> str:
    """Apply one disturbance, end the previous one, and return its name.

    Raises IndexError without a device.
    """
    stack.faults.connack = None
    name, happen = random.choice(list(disturbances(stack, random).items()))
    happen()
    return name
