"""This room models the Bot API as values: calls, answers, limits and pace. It does no I/O and knows no rule of the
desk.
"""
