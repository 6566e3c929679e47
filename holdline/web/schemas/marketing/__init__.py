"""The bodies and answers of marketing's calls."""
