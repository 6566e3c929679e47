"""What the desk does by itself: teams, rules, rules of tags."""
