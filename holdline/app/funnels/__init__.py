"""`holdline funnel …`: definitions of funnels, in files."""
