"""Tests of ChirpStack as a network server."""
