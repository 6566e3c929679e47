"""Automatic answers to free text: who edits them, when one is given, and what the customer says of it."""
