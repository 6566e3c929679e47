"""Broadcasts: created, gathered, fed into the outbox, followed, paused, ended."""
