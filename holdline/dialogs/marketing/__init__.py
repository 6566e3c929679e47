"""Marketing as values: its sources, and the decisions before it is sent."""
