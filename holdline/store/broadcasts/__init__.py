"""Broadcasts, their recipients and their counts."""
