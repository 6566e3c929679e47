"""Webhooks: who edits them, what they are sent, and the course of each delivery."""
