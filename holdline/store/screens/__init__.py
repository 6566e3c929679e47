"""Open forms, and settings of administrators."""
