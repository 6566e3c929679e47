"""Automatic answers to free text: when they are given."""
