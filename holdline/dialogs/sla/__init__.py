"""Service level agreements: working calendars, policies, and their clocks."""
