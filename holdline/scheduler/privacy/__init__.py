"""Drives erasures and retention."""
