"""Reports as people see them: a picture with its figures in words, and files."""
