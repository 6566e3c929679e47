"""The texts that people read, in three languages."""

from holdline.texts.catalog import LANGUAGE_NAMES, LANGUAGES, has_text, say
from holdline.texts.languages import language_code

__all__ = ["LANGUAGES", "LANGUAGE_NAMES", "has_text", "language_code", "say"]
