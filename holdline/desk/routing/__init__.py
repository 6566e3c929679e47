"""For which dialog or customer a manager's message is meant."""
