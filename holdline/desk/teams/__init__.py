"""Teams: who belongs to them, and to whom of them their dialogs go."""
