"""Smart replies: when a customer gets one."""
