"""Automatic tags at a dialog's close, and who may edit the rules for them."""
