"""Forms that are open, and what administrators have set."""
