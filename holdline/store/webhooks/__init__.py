"""Webhooks, and what became of each delivery."""
