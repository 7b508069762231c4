"""Tests of battery_thermal: through the front door, against the stand-in."""
