"""Holdline: a self-hosted support desk inside a messenger."""
