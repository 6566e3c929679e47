"""Learns: trains and asks the model that tags dialogs, in a process of its own; knows none of the other rooms."""
