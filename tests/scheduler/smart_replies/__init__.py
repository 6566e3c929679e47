"""Smart replies chosen in the background."""
