"""The part of MQTT the simulator needs, versions 3.1.1 and 5, both sides of it.

A library of our own, because what the simulator is for is what libraries prevent:
a connection cut in the middle of a message, a CONNACK that refuses, a client that
vanishes without a goodbye. It also keeps a simulated board down to one socket and a
few hundred bytes, so that one process can be a thousand of them, and it shares no
fault with paho, which both Home Assistant and the integrations stand on.
"""
