"""Simulated devices and servers for the demo, the tests and the benchmarks.

ESP32 boards, a battery node with a thermal camera, and stand-ins for The Things Stack
and ChirpStack. Written from the owner's and the networks' documents, without code of the
integrations: a mistake in shared code would not be found by any test.
"""
