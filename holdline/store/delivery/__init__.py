"""What must be said, what is on the wire, and what Telegram made of it."""
