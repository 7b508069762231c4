"""WebSocket commands and actions, and the permissions to use them.

Converts the records of boards to JSON. May import `hub` and `core`.
"""
