"""Last wills of published boards in networks with a topic prefix.

Published boards put the prefix before every topic except that of their will, which is
``state/leave``. A network with a prefix therefore subscribes to that topic too. All
networks on the broker share it: a message is handled by the network that has a current
session with these credentials, and no other network counts it as discarded.
"""

from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from ..core import protocol
from ..core.protocol import Credentials, Discarded
from ..core.session_server import SessionServer


def ends_current_session(
    server: SessionServer, payload: str | bytes | bytearray
) -> bool:
    """Return whether a payload of ``state/leave`` names a current session of a network."""
    part = payload[: protocol.PAYLOAD_BYTES + 1]
    try:
        who = protocol.parse_leave(
            part.encode() if isinstance(part, str) else bytes(part)
        )
    except Discarded:
        return False
    return server.is_current(who)


def is_of_another_network(hass: HomeAssistant, who: Credentials) -> bool:
    """Return whether these are the credentials of a current session of any network."""
    return any(
        entry.runtime_data.server.is_current(who)
        for entry in hass.config_entries.async_loaded_entries(DOMAIN)
    )
