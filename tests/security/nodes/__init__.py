"""What anybody on the network server, and users with few rights, may try."""
