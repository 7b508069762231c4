"""One node: its record, catch-up, timers, storage, settings and repair issues.

Joins the rules of the packages below with Home Assistant's clock, files and executor.
May import every package but `api`, `flows` and the platforms.
"""
