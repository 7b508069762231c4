"""Tests of battery_thermal through its public interfaces, against the stand-in."""
