"""Attempts of attackers with access to the network server, and of users with few rights."""
