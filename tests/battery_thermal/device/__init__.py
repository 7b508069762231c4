"""Tests of `custom_components/battery_thermal/device`."""
