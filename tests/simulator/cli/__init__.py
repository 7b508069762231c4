"""Tests of the commands of the simulator."""
