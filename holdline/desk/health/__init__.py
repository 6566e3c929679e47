"""Whether the desk can work: the group, the intake, and updates that could not be processed."""
