"""Blueprints for boards."""
