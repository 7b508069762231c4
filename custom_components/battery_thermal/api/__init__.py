"""WebSocket commands, HTTP views and actions, and who may use them.

Reads the records of nodes and the archive, and turns them into JSON.
May import `device`, the hub and what is below them.
"""
