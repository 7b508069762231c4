"""What anybody on the broker may try."""
