"""Webhooks: who keeps them, what they are told, and what becomes of each delivery."""
