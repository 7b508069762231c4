"""Alternatives of a user for the same work, implemented for comparison."""
