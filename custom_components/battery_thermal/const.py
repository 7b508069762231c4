"""Names used all over the integration."""

from typing import Final

DOMAIN: Final = "battery_thermal"

SUBENTRY_NODE: Final = "node"

# The config entry: one application on one network server.
CONF_APPLICATION: Final = "application"
CONF_CA_CERTIFICATE: Final = "ca_certificate"
CONF_CLIENT_CERTIFICATE: Final = "client_certificate"
CONF_CLIENT_KEY: Final = "client_key"
CONF_COMMAND_PREFIX: Final = "command_prefix"
CONF_EVENT_PREFIX: Final = "event_prefix"
CONF_HTTP_PORT: Final = "http_port"
CONF_MQTT_PORT: Final = "mqtt_port"
CONF_SERVER: Final = "server"
CONF_TLS: Final = "tls"

# What a discovered node comes with, besides its device id.
CONF_ENTRY_ID: Final = "entry_id"

# The options of the entry.
CONF_BUDGET: Final = "budget"
CONF_FAIR_USE: Final = "fair_use"

# The subentry: one node of the application.
CONF_CONFIRMED: Final = "confirmed"
CONF_LAYOUT: Final = "layout"
CONF_LOAD_SENSOR: Final = "load_sensor"
CONF_NUMBERING: Final = "numbering"
CONF_SILENT_AFTER: Final = "silent_after"
