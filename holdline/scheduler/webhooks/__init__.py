"""Telling outside tools what happened."""
