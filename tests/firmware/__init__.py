"""Tests of the firmware that need neither hardware nor network."""
