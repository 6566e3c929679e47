"""Smart replies as the configuration names them."""
