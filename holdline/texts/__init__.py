"""This room words: what people read, in three languages."""

from holdline.texts.catalog import LANGUAGE_NAMES, LANGUAGES, known, say

__all__ = ["LANGUAGES", "LANGUAGE_NAMES", "known", "say"]
