"""Messages of the conversation, and notes."""
