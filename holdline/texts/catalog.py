"""Sentences by key and language, from gettext `.po` files: one file per domain and language."""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "ru", "pl")
DEFAULT = "en"
_HERE = Path(__file__).parent


def say(key: str, language: str = DEFAULT, /, **words: object) -> str:
    """The sentence `domain.name`; with `count`, its plural form. KeyError names a key nobody wrote."""
    domain, _, name = key.partition(".")
    spoken = language if language in LANGUAGES else DEFAULT
    catalog = _catalog(domain, spoken)
    count = words.get("count")
    if isinstance(count, int) and (plural := catalog.ngettext(name, name + "_plural", count)) not in (
        name,
        name + "_plural",
    ):
        return plural.format(**words)
    sentence = catalog.gettext(name)
    if sentence == name:
        raise KeyError(f"no text {key!r} in {spoken}")
    return sentence.format(**words)


def known(key: str) -> bool:
    """Whether the key is written in the default language."""
    domain, _, name = key.partition(".")
    path = _HERE / DEFAULT / f"{domain}.po"
    return path.exists() and _catalog(domain, DEFAULT).gettext(name) != name


@cache
def _catalog(domain: str, language: str) -> gettext.GNUTranslations:
    with (_HERE / language / f"{domain}.po").open("rb") as source:
        catalog = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
