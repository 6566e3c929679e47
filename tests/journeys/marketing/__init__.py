"""Funnels, broadcasts, smart replies and consent, as outside programs and people use them."""
