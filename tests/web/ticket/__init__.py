"""The values of a dialog besides its messages, at the API."""
