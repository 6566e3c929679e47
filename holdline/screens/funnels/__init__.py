"""Funnels in Telegram: which there are, how far customers have come, who is on the way."""
