"""This room serves HTTP."""
