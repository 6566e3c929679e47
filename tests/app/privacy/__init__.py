"""`holdline export`, `holdline erase` and `holdline retention`, as a person runs them."""
