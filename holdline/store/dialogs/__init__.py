"""Dialogs with all that belongs to them: people, places, history, ratings, tasks, labels."""
