"""What was said, and notes."""
