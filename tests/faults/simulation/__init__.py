"""A simulation of the whole desk in one process: the test controls its time, its database and its network."""
