"""Tests of `custom_components/esp32_sensors/api`."""
