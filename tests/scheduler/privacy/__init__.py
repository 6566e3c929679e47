"""Erasing a customer, and retention."""
