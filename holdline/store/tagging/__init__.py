"""Automatic tags: rules, trained models and their examples, dialogs to be tagged, corrections."""
