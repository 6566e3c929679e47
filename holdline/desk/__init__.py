"""The use cases of the desk: one function each, each in one transaction."""
