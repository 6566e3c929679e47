"""The checks of the set-up by `holdline check` and at the start."""
