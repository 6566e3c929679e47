"""Forms and lists for managers, as plain values, and how presses and typed text change them."""
