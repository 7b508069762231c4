"""Tests of the LoRaWAN side."""
