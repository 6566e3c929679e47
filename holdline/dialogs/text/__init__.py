"""Texts: length limits, splitting, and what a person may write in them."""
