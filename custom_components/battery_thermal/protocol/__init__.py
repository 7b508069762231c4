"""The node's messages: payloads, line location, image assembly, downlinks, delivery.

Pure functions and state machines; the caller passes the time in.
May import `model`, and nothing of Home Assistant, MQTT or HTTP.
"""
