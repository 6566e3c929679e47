"""Teams: their members, and which of them get the team's dialogs."""
