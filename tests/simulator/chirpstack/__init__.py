"""Tests of the stand-in for ChirpStack."""
