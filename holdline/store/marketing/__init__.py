"""Marketing: its topics, and what customers have said to it."""
