"""The other side of the wire, for the demo, the tests and the benchmarks.

ESP32 boards, a battery node with a thermal camera, and a stand-in for The Things
Stack. Written from the owner's documents and the networks' own, not from the
integrations, and sharing no code with them: what both sides misunderstand in the
same way no test can find.
"""
