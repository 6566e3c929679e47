"""What becomes of an item of the outbox: begun, settled, refused, put off, discarded."""
