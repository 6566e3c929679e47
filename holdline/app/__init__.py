"""This room wires everything together."""
