"""Restored backups, and processes killed during a restore."""
