"""Texts: how long they may be, how they are cut, and what a person may write into them."""
