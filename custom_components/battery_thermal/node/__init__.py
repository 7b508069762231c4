"""What the battery node says and is told: codecs, image assembly, delivery.

Pure functions and state machines: no Home Assistant, no MQTT, no HTTP, and no
clock. Whoever calls passes the time in.
"""
