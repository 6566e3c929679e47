"""`holdline restore`."""
