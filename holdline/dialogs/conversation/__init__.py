"""Messages to a customer, as values: templates, scheduled replies and others."""
