"""Names of languages, as people type them."""

from functools import cache

from babel import Locale

from holdline.texts.catalog import LANGUAGE_NAMES, LANGUAGES

_OWN_NAMES = {
    "de": "deutsch", "fr": "français", "es": "español", "it": "italiano", "pt": "português", "nl": "nederlands",
    "uk": "українська", "be": "беларуская", "cs": "čeština", "sk": "slovenčina", "hu": "magyar", "ro": "română",
    "bg": "български", "sr": "српски", "hr": "hrvatski", "lt": "lietuvių", "lv": "latviešu", "et": "eesti",
    "fi": "suomi", "sv": "svenska", "nb": "norsk", "da": "dansk", "el": "ελληνικά", "tr": "türkçe", "he": "עברית",
    "ar": "العربية", "fa": "فارسی", "hi": "हिन्दी", "ka": "ქართული", "hy": "հայերեն", "kk": "қазақша", "zh": "中文",
    "ja": "日本語", "ko": "한국어", "th": "ไทย", "vi": "tiếng việt", "id": "bahasa indonesia",
}  # fmt: skip
"""The own names of languages that we do not support. Other names come from Unicode's tables."""


def language_code(typed: str) -> str:
    """`de` for "de", "de-AT", "Deutsch", "German", "немецкий", "по-немецки", "po niemiecku"; empty for other words."""
    word = " ".join(typed.casefold().split()).strip(".!?")
    base = word.replace("_", "-").partition("-")[0]
    if len(base) == 2 and base in _two_letter_codes():
        return base
    names = _names()
    return next((names[name] for name in (word, *_adjectives(word)) if name in names), "")


def _adjectives(adverb: str) -> list[str]:
    """The adjective of an adverb: «по-немецки» → «немецкий», "po niemiecku" → "niemiecki"."""
    if adverb.startswith(("по-", "по ")):
        return [f"{adverb[3:]}й"]
    return [f"{adverb[3:-1]}i"] if adverb.startswith("po ") else []


@cache
def _two_letter_codes() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)


@cache
def _names() -> dict[str, str]:
    """Each language by its own name and by its names in the supported languages."""
    own = {name.casefold(): code for code, name in (LANGUAGE_NAMES | _OWN_NAMES).items()}
    tables = [Locale(language).languages for language in LANGUAGES]
    return {name.casefold(): code for table in tables for code, name in table.items()} | own
