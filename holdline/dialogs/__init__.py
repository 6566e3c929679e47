"""The rules of the desk, as plain values and functions without I/O."""
