"""Smart replies, as plain decisions."""
