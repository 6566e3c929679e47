"""Whether the desk can work: the group, the intake, what could not be processed."""
