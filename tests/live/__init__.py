"""What needs a real Home Assistant, a real broker or a real browser."""
