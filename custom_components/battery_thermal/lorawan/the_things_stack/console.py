"""Where the console of The Things Stack makes keys of an application, as a link."""

from collections.abc import Mapping
import re
from typing import Any, Final

from homeassistant.const import CONF_HOST

from ...const import CONF_APPLICATION, CONF_HTTP_PORT, CONF_TLS
from ..hosts import canonical_host
from .ids import is_id

# It leads to the console of a cluster.
_ALL_CLUSTERS: Final = "https://console.cloud.thethings.network/"

_USUAL_PORTS: Final = {"https": 443, "http": 80}
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.ASCII)


def cluster_link() -> str:
    """Return a link in Markdown to the consoles of The Things Network."""
    return f"[{_ALL_CLUSTERS}]({_ALL_CLUSTERS})"


def keys_link(data: Mapping[str, Any]) -> str:
    """Return a link in Markdown to the API keys of an application, or to the console.

    `data` has what is known of the config entry's data. Without a host there is no link.
    """
    host = canonical_host(data.get(CONF_HOST, ""))
    if not _HOST.fullmatch(host):
        return ""
    scheme = "https" if data.get(CONF_TLS, True) else "http"
    port = data.get(CONF_HTTP_PORT, _USUAL_PORTS[scheme])
    address = f"{scheme}://{host}"
    if port != _USUAL_PORTS[scheme]:
        address = f"{address}:{port}"
    address = f"{address}/console"
    application = str(data.get(CONF_APPLICATION, "")).partition("@")[0]
    if is_id(application):
        address = f"{address}/applications/{application}/api-keys"
    return f"[{address}]({address})"
