"""Messages and notices that the desk is shown, and the places in which it works."""
