"""Tests with a real Home Assistant, a real broker or a real browser."""
