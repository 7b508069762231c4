"""Evaluation of images: areas, analysis, alarms and corrections.

Pure functions and records of numbers; the caller passes the time in.
May import `model`, and nothing of Home Assistant, MQTT or HTTP.
"""
