"""Marketing as values: where it comes from, and what is decided before it is said."""
