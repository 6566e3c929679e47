"""The room of background loops, each with a `tick()`."""
