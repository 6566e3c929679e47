"""Marketing messages, from acceptance to arrival."""
