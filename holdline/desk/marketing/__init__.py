"""Marketing: what becomes of its messages between acceptance and arrival."""
