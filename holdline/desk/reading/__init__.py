"""Reads without changes: lists, the search, reports, transcripts."""
