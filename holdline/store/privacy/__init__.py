"""What the database holds about a person: the map of all tables, and what follows it."""
