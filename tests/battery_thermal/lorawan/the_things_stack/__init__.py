"""Tests of `custom_components/battery_thermal/lorawan/the_things_stack`."""
