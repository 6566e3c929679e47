"""The wiring of all rooms: command line, configuration, checks, start and stop."""
