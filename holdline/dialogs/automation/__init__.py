"""What a desk can automate apart from its rules."""
