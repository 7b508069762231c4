"""Tests of the blueprints for boards."""
