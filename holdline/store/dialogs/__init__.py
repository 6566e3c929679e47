"""Dialogs with everything that belongs to them: people, places, history, ratings, tasks, labels."""
