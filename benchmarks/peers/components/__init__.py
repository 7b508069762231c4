"""Integrations that are put into a measured Home Assistant."""
