"""Conversations as values: templates, scheduled replies, mentions, merges, delivery marks and the timeline."""
