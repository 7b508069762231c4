"""Tests of the ESP32 network."""
