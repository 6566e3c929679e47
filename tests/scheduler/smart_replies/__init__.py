"""What answers customers beside the desk."""
