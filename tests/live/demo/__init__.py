"""The demo, as a new user runs it."""
