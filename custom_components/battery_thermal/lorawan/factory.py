"""The kinds of network servers, and the server of a config entry.

Another kind is one line in `SERVER_TYPES`.
"""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant

from ..const import CONF_SERVER
from .chirpstack.server_type import ChirpStackType
from .network_server import NetworkServer
from .server_type import ServerType
from .the_things_stack.server_type import TheThingsStackType

SERVER_TYPES: Final[Mapping[str, ServerType]] = {
    server_type.key: server_type
    for server_type in (TheThingsStackType(), ChirpStackType())
}


def server_type_of(data: Mapping[str, Any]) -> ServerType:
    """Return the kind of server of a config entry's data.

    Entries without one are of The Things Stack, once the only kind.
    """
    return SERVER_TYPES[data.get(CONF_SERVER, TheThingsStackType.key)]


async def async_get_server(
    hass: HomeAssistant, data: Mapping[str, Any]
) -> NetworkServer:
    """Return the network server of a config entry's data, not connected.

    Raises NetworkServerError if the data cannot be those of a server.
    """
    return await server_type_of(data).async_get_server(hass, data)
