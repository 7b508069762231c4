"""One network of boards in Home Assistant: MQTT, devices, files, LED commands, issues.

`network` composes the other modules and owns the clock. Messages pass between the broker
and the rules of `core`. May import `core`; nothing of `api` or of the platforms.
"""
