"""A funnel as a picture: a point for each step, ways between them, and numbers on both."""
