"""Funnels as values: the definition, and the decisions for one customer."""
