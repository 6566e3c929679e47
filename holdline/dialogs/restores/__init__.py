"""What waits after a database was restored from a backup."""
