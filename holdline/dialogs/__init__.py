"""This room decides: the rules, as plain values."""
