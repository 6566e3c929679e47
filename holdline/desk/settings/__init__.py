"""What administrators change: lists and standard messages."""
