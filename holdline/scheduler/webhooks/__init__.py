"""Webhooks to outside tools."""
