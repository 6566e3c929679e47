"""The marketing section of the configuration and its checks."""
