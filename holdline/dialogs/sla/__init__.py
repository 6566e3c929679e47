"""Service level agreements: working calendars, policies, and the clocks that they set going."""
