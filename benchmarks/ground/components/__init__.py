"""Integrations that benchmarks add to their Home Assistant."""
