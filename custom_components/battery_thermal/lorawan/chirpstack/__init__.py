"""ChirpStack v4, through its MQTT integration.

Events are received and downlinks sent over MQTT. `factory` finds it by `server_type`.
"""
