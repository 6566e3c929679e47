"""Tags that come by themselves: rules, trained models and what they learn from, dialogs to look at, corrections."""
