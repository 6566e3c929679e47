"""What a desk may let happen by itself, beside its rules."""
