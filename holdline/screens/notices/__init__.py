"""Windows about what leaves for people of the desk and others: forwards, and what one is told of."""
