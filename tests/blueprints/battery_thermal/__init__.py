"""Blueprints for nodes."""
