"""Attempts of attackers with access to the broker."""
