"""What is decided about a dialog and its people: who may do what, what comes of it, what a refusal says."""
