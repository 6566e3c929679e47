"""Funnels as values: what a definition says, and what follows from it for one customer."""
