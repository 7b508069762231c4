"""The rules of the session protocol: boards, sessions, admission, and their records.

Pure: time is passed in. May import nothing of Home Assistant, MQTT or HTTP.
"""
