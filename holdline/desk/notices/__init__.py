"""What the desk is shown and told, and where."""
