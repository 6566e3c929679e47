"""A simulation of the whole desk in one process: its time, its database's moments and its network are the test's."""
