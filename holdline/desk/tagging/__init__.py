"""Tags that come by themselves when a dialog closes, and who may edit the rules for it."""
