"""Client and server sides of MQTT 3.1.1 and 5, as far as the simulator needs them.

The simulator does not use a library, because it has to do what libraries prevent: cut a
connection in the middle of a message, refuse a CONNECT, disconnect without DISCONNECT.
A board needs one socket and a few hundred bytes, so that one process can run a thousand
of them. The code is independent of paho, which Home Assistant uses, and of its errors.
"""
