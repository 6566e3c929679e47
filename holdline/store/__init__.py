"""This room remembers: tables and queries on two engines."""
