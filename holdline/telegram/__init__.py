"""This room knows the Bot API as values: calls, answers, limits, pace; no I/O and no rule of the desk."""
