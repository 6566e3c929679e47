"""This room stores everything: tables and queries on two engines."""
