"""Tests of the stand-in for The Things Stack."""
