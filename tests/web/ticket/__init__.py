"""What a dialog carries besides what is said in it, at the API."""
