"""The life of a dialog: opened, labelled, assigned, paused, closed, rated."""
