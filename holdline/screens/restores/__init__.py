"""The window about a restored database."""
