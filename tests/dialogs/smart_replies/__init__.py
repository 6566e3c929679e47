"""Automatic answers to free text, as plain decisions."""
