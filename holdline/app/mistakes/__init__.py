"""What is wrong in a configuration, in plain words."""
