"""Funnels: their versions, who is on the way through them, and what they came through."""
