"""Names used all over the integration."""

from typing import Final

DOMAIN: Final = "battery_thermal"

SUBENTRY_NODE: Final = "node"

# The config entry: one application on one network server.
CONF_APPLICATION: Final = "application"
CONF_CA_CERTIFICATE: Final = "ca_certificate"
CONF_HTTP_PORT: Final = "http_port"
CONF_MQTT_PORT: Final = "mqtt_port"
CONF_TLS: Final = "tls"

# What a discovered node comes with, besides its device id.
CONF_ENTRY_ID: Final = "entry_id"

# The options of the entry.
CONF_BUDGET: Final = "budget"
CONF_FAIR_USE: Final = "fair_use"

# The subentry: one node of the application.
CONF_CONFIRMED: Final = "confirmed"
CONF_LAYOUT: Final = "layout"
CONF_NUMBERING: Final = "numbering"
CONF_SILENT_AFTER: Final = "silent_after"
