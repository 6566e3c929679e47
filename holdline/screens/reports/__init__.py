"""Reports for people: a picture with its figures as text, and files."""
