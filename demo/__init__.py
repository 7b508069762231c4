"""The product in a real Home Assistant, for ``script/demo`` and the live tests."""
