"""What is given to people: one distribution for each integration, built from a commit."""
