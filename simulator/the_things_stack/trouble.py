"""Bad days at random: one mishap at a time, each of a kind that was met."""

from collections.abc import Callable
from random import Random

from .faults import HttpFault
from .server import TheThingsStack

_ERRORS = ("no_device_session", "expired_downlink", "transmission")


def mishaps(stack: TheThingsStack, random: Random) -> dict[str, Callable[[], None]]:
    """Return, by name, everything that can be done to a stand-in."""
    faults = stack.faults
    device = random.choice(list(stack.devices.values()))

    def refuse() -> None:
        faults.connack = 3
        stack.mqtt.cut()

    def publish_raw(payload: bytes) -> Callable[[], None]:
        return lambda: device.publish_raw("up", payload)

    def answer(fault: HttpFault) -> Callable[[], None]:
        return lambda: faults.http.append(fault)

    return {
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


def mishap(stack: TheThingsStack, random: Random) -> str:
    """Let one thing go wrong, and end what lasted from the one before; name it.

    IndexError without a device.
    """
    stack.faults.connack = None
    name, happen = random.choice(list(mishaps(stack, random).items()))
    happen()
    return name
