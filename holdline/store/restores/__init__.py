"""Restored databases: what waited in them, put aside until somebody decides."""
