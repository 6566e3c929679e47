"""From what was written to a definition; every fault is found, each with its path and what to write instead."""
