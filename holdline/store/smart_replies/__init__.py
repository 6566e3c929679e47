"""Automatic answers to free text: the replies, and what was answered."""
