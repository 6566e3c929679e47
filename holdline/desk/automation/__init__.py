"""Automation of the desk: rules and habits, what triggers them, and what they do."""
