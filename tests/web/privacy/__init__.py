"""Exporting and erasing a customer by the API."""
