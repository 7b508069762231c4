"""The Things Stack: uplinks over MQTT, downlinks and checks over HTTP.

All that only this server knows is in this package: its limits, its JSON, its storage.
May import the interface in `network_server` and the modules beside it.
"""
