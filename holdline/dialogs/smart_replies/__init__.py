"""Automatic answers to free text: which reply answers a customer's message, if any does."""
