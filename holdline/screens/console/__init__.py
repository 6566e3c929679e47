"""What managers type and press, turned into use cases and their answers."""
