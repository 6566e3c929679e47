"""Sentences by key and language, from gettext `.po` files: one file per domain and language."""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGE_NAMES = {"en": "English", "ru": "Русский", "pl": "Polski"}
"""Each name in its own language, as buttons show it."""

LANGUAGES = tuple(LANGUAGE_NAMES)
DEFAULT = "en"
_HERE = Path(__file__).parent


def say(key: str, language: str = DEFAULT, /, **words: object) -> str:
    """The sentence `domain.name`; with `count`, its plural form. Raises KeyError if there is no such text."""
    domain, _, name = key.partition(".")
    spoken = language if language in LANGUAGES else DEFAULT
    catalog = _catalog(domain, spoken)
    count = words.get("count")
    if isinstance(count, int) and (plural := catalog.ngettext(name, name + "_plural", count)):
        return plural.format(**words)
    sentence = catalog.gettext(name)
    if not sentence:
        raise KeyError(f"no text {key!r} in {spoken}")
    return sentence.format(**words)


def has_text(key: str) -> bool:
    """Whether the default language has this text."""
    domain, _, name = key.partition(".")
    path = _HERE / DEFAULT / f"{domain}.po"
    return path.exists() and bool(_catalog(domain, DEFAULT).gettext(name))


class _Unwritten(gettext.NullTranslations):
    """Returns an empty text for a missing key. gettext would return the key, which may equal an English text."""

    def gettext(self, message: str) -> str:
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return ""


@cache
def _catalog(domain: str, language: str) -> gettext.GNUTranslations:
    with (_HERE / language / f"{domain}.po").open("rb") as source:
        catalog = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    translations = gettext.GNUTranslations(compiled)
    translations.add_fallback(_Unwritten())
    return translations
