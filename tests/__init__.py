"""Tests of both integrations, the simulator and the demo."""
