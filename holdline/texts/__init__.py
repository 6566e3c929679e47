"""This room words: what people read, in three languages."""

from holdline.texts.catalog import LANGUAGES, known, say

__all__ = ["LANGUAGES", "known", "say"]
