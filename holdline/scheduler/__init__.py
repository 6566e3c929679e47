"""This room wakes: loops with a tick."""
