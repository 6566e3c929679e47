"""What the desk wants done by itself: its rules, what sets them off, and what they do."""
