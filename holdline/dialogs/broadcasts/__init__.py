"""One message to many: its content, its audience, and what may be done with it."""
