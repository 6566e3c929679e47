"""Marketing: its topics, customers' consent, and lists of messages sent or held."""
