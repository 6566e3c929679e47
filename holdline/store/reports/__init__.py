"""What reports read: rows that are counted, and times between two of them."""
