"""The people of the desk: who belongs to it, as what, and who takes part in a dialog."""
