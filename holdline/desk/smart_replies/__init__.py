"""Automatic answers to free text: who edits them, when one is given, and the customer's feedback."""
