"""`holdline tags`: commands of the model that tags dialogs."""
