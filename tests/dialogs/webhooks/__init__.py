"""Webhooks as values."""
