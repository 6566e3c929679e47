"""This room shows: what managers and customers see and press, as plain values."""
