"""What is given to people, and what the repository says of itself."""
