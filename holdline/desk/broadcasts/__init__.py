"""Broadcasts: made, gathered, fed into the outbox, followed, paused, ended."""
