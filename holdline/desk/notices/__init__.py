"""What the desk is shown and told, and in which places."""
