"""The people of the desk: who belongs to it, in which role, and who takes part in a dialog."""
