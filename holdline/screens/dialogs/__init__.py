"""What a dialog carries, shown and changed: values, required fields, one act on many dialogs."""
