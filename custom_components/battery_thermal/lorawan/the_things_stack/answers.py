"""What The Things Stack answers to requests about an application, checked and read.

Source: The Things Stack's API (v3.32), `ApplicationAccess.ListRights`,
`EndDeviceRegistry.List`.
"""

from collections.abc import Mapping
from typing import Any, Final

from ..network_server import NetworkServerError
from .ids import is_id

# Characters of a device's name (The Things Stack's API, `EndDevice.name`).
_LONGEST_NAME: Final = 50


def read_rights(answer: Mapping[str, Any]) -> set[str]:
    """Return the rights of a key. Raises NetworkServerError."""
    rights = answer.get("rights", [])
    if not isinstance(rights, list) or not all(isinstance(one, str) for one in rights):
        raise NetworkServerError("a list of rights was expected")
    return set(rights)


def read_devices(answer: Mapping[str, Any], most: int) -> dict[str, str]:
    """Return the names of at most so many devices by their ids.

    A device without a name is called by its id. Raises NetworkServerError.
    """
    devices = answer.get("end_devices", [])
    try:
        if not isinstance(devices, list) or len(devices) > most:
            raise NetworkServerError("a page of devices was expected")
        return dict(_device(device) for device in devices)
    except (AttributeError, KeyError, TypeError) as error:
        raise NetworkServerError("a list of devices was expected") from error


def _device(device: Any) -> tuple[str, str]:
    device_id, name = device["ids"]["device_id"], device.get("name", "")
    if not is_id(device_id) or not isinstance(name, str):
        raise NetworkServerError("a device with an id and a name was expected")
    # A name is shown in a list of the dialog: one line of it.
    return device_id, " ".join(name[:_LONGEST_NAME].split()) or device_id
