"""Windows about marketing: held messages, customer profiles, and the way out."""
