"""`holdline broadcast`: one message to many, from a file."""
