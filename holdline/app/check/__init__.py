"""What `holdline check` and the start find out about the set-up."""
