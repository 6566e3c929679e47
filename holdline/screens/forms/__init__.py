"""Windows: forms and lists that managers see, as plain values; what a press or a word changes in them."""
