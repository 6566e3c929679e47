"""Marketing, as its owner configures it."""
