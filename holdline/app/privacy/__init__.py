"""`holdline export`, `holdline erase` and `holdline retention`."""
