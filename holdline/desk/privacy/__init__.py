"""Handing out and erasing what is stored about a person."""
