"""The command line of funnels."""
