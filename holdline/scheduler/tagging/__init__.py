"""What tags closed dialogs beside the desk: the model in a process of its own, and a service over HTTP."""
