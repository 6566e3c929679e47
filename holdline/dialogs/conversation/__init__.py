"""What is said to a customer, as values: templates, and replies that wait for their time."""
