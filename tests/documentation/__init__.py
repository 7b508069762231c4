"""The documentation, held against what it is about."""
