"""The calls of marketing."""
