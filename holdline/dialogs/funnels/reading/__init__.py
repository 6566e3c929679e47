"""Reads a written definition. Finds every fault, each with its path and what to write instead."""
