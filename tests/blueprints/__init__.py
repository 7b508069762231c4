"""Tests of every blueprint with Home Assistant's automation and script components."""
