"""The export of a person as files, and the windows for export and erasure."""
