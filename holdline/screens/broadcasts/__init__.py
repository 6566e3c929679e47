"""Broadcasts in Telegram: composed in a form, followed on a card."""
