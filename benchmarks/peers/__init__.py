"""What a user would otherwise have: the same work done in others' ways, in words of our own."""
