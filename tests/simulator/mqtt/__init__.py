"""Tests of the MQTT packets, client and sessions of the simulator."""
