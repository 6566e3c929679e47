"""Handlers: a few lines each, which turn one update into one use case."""
