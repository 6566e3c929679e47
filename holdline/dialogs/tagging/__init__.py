"""Automatic tags: those that rules find, and those that a model suggests."""
