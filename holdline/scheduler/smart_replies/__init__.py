"""What answers customers beside the desk: a language model over HTTP."""
