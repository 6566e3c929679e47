"""Funnels and who is on the way through them."""
