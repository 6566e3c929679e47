"""Handlers: a few lines each; updates in, one use case, done."""
