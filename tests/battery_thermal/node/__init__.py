"""Tests of what the node says and is told."""
