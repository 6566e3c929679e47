"""Measurements of speed and memory. Each is shown beside a floor measured in the same run on the same machine."""
