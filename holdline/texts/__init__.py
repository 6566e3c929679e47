"""This room words: what people read, in three languages."""
