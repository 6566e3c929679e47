"""Turns what managers type and press into use cases, and answers them."""
