"""The ids of applications, tenants and end devices on The Things Stack.

They become parts of addresses and topics, so nothing else is ever put there.
Source: The Things Stack's API (v3.32), `ApplicationIdentifiers`, `EndDeviceIdentifiers`.
"""

import re
from typing import Final

_ID: Final = re.compile(r"[a-z0-9](?:-?[a-z0-9]){2,35}", re.ASCII)
_LONGEST: Final = 36


def is_id(text: object) -> bool:
    """Return whether this is the id of an application, a tenant or an end device."""
    return (
        isinstance(text, str)
        and len(text) <= _LONGEST
        and _ID.fullmatch(text) is not None
    )


def is_user_name(text: str) -> bool:
    """Return whether this is `<application>`, or `<application>@<tenant>`."""
    application, at, tenant = text.partition("@")
    return is_id(application) and (not at or is_id(tenant))
