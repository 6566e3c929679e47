"""Decisions about a dialog and its people: who may do what, what the result is, and when it is refused."""
