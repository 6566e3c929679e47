"""Showing and changing a dialog's data: values, required fields, bulk jobs, merges, history."""
