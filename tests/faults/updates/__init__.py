"""Hostile updates: a generator of them, a desk in this process that takes them, and poison."""
