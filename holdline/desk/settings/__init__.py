"""What administrators may change: lists, standard messages and other settings of the desk."""
