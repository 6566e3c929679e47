"""Automatic answers to free text: the replies, and the answers given."""
