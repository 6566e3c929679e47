"""Backups put back, and processes killed while they are."""
