"""Customers, and the people of the desk."""
