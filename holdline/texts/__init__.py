"""This room words: what people read, in three languages."""

from holdline.texts.catalog import LANGUAGE_NAMES, LANGUAGES, known, say
from holdline.texts.languages import language_code

__all__ = ["LANGUAGES", "LANGUAGE_NAMES", "known", "language_code", "say"]
