"""The course of an outbox item: started, settled, refused, put off, discarded."""
