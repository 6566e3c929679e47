"""What customers do besides writing: they come, choose, press, block and come back."""
