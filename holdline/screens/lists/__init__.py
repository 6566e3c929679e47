"""Lists of dialogs: the windows, the data of their buttons, and acts on a row."""
