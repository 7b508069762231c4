"""Tests of the encoders of firmware/thermal_picture with the integration's decoder."""
