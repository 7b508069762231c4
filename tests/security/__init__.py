"""Attempts of attackers with access to the broker, the network server or Home Assistant's port."""
