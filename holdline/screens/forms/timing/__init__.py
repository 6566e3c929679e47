"""Forms about time: postponing, calendars, policies, time zones."""
