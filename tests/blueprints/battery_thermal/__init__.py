"""Tests of the blueprints for nodes."""
