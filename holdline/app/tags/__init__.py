"""`holdline tags`: the model that tags dialogs, by hand."""
