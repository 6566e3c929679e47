"""What managers and customers see and press, as plain values."""
