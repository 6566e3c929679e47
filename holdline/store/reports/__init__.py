"""The data of reports: counts, and times between two rows."""
