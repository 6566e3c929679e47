"""Funnels in Telegram: the list, the progress of customers, and who is enrolled."""
