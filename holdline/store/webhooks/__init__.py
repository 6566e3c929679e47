"""Webhooks, and the result of each delivery."""
