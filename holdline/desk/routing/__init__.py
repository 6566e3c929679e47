"""Who is meant by a manager's message."""
