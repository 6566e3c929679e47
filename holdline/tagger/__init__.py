"""Trains and runs the model that tags dialogs, in a process of its own. Imports no other room."""
