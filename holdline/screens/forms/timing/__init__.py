"""Forms about time: postponing, scheduled replies, calendars, SLA policies, time zones."""
