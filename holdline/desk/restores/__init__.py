"""A database that was restored from a backup: put on hold, released or discarded."""
