"""What is said, in both directions, and how it is changed or taken back."""
