"""The course of an outbox item: begun, settled, refused, put off, discarded."""
