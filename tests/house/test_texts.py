"""Texts for people exist in three languages, with the same placeholders."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from holdline.app.configuration import keys
from holdline.texts import LANGUAGES, has_text
from tests.syntax import nodes_of

ROOT = Path(__file__).parents[2] / "holdline"
TEXTS = ROOT / "texts"
DOMAINS = sorted(path.stem for path in (TEXTS / "en").glob("*.po"))
PLURALS = {"en": 2, "ru": 3, "pl": 3}


def messages(language: str, domain: str) -> dict[str, Message]:
    with (TEXTS / language / f"{domain}.po").open("rb") as source:
        catalog = read_po(source, locale=language, abort_invalid=True)
    return {_name(message): message for message in catalog if message.id}


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_has_the_same_keys_in_every_language(domain: str) -> None:
    keys = {language: set(messages(language, domain)) for language in LANGUAGES}
    assert keys["ru"] ^ keys["en"] == set()
    assert keys["pl"] ^ keys["en"] == set()


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_sentence_has_the_same_placeholders_in_every_language(domain: str) -> None:
    english = messages("en", domain)
    for language in LANGUAGES:
        for name, message in messages(language, domain).items():
            assert message.string and all(form.strip() for form in forms(message)), (language, name)
            needed = places(forms(english[name])[-1])
            assert all(places(form) <= needed for form in forms(message)), (language, name)
            assert places(forms(message)[-1]) == needed, (language, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plural_has_every_form_of_its_language(language: str) -> None:
    for domain in DOMAINS:
        for name, message in messages(language, domain).items():
            if isinstance(message.id, tuple | list):
                assert len(forms(message)) == PLURALS[language], (domain, name)


def test_a_counted_noun_has_its_plural_forms() -> None:
    """“1 were given”: a number before a small word wants a plural, or a sentence that fits every number."""
    counted = re.compile(r"\{(?:count|total|length)\} (?:were|was|are|is|[a-z]+s)\b")
    single = {
        f"{domain}.{name}": message.string
        for domain in DOMAINS
        for name, message in messages("en", domain).items()
        if isinstance(message.string, str) and counted.search(message.string)
    }
    assert single == {
        "mends.too_long": "it has {length} characters as Telegram counts them (an emoji is two); at most {limit} fit."
    }, "a text that is too long is longer than one"


def test_no_key_is_written_twice() -> None:
    for path in sorted(TEXTS.rglob("*.po")):
        ids = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert sorted(ids) == sorted(set(ids)), path


def test_every_key_used_in_the_code_exists() -> None:
    shape = re.compile(rf"(?:{'|'.join(DOMAINS)})\.[a-z0-9_]+")
    used = {key: where for key, where in constants() if shape.fullmatch(key)}
    written = {f"{domain}.{name}" for domain in DOMAINS for name in messages("en", domain)}
    assert {key: where for key, where in used.items() if not _known(key, written)} == {}


def constants() -> Iterator[tuple[str, str]]:
    """(text, where) of every string in the code."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in nodes_of(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, f"{path.relative_to(ROOT.parent)}:{node.lineno}"


def _known(key: str, written: set[str]) -> bool:
    """Written; or the first half of a key that is put together, with at least one that fits; or no text key."""
    if key in written or key in keys() or key.endswith((".po", ".sql", ".json", ".db")):
        return True
    return key.endswith("_") and any(one.startswith(key) for one in written)


def test_every_refusal_has_a_sentence() -> None:
    codes = {
        node.args[0].value
        for path in sorted(ROOT.rglob("*.py"))
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("DeskError", "Conflict")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    fixed = {
        "active_dialog_exists",
        "dialog_paused",
        "dialog_closed",
        "already_active",
        "already_paused",
        "not_found",
        "not_allowed",
    }
    assert [code for code in sorted(codes | fixed) if not has_text(f"refusals.{code}")] == []


def _name(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_remedies_fit_after_a_colon_and_end_in_a_full_stop(language: str) -> None:
    """“to” is not right: name at least one recipient."""
    copied, tail = {"time.calendar_line", "time.policy_line"}, {"reports.mend_calendar"}
    wrong = {
        key: text
        for key, text in _mends(language)
        if not text.endswith(".") or (text[0].isupper() and not text.startswith("Telegram"))
    }
    assert set(wrong) - copied - tail == set(), wrong


def _mends(language: str) -> Iterator[tuple[str, str]]:
    """Of the catalogue of mends, and those that a refusal of a value names elsewhere."""
    named = set()
    for path in ROOT.rglob("*.py"):
        for call in nodes_of(path):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "BadInput":
                for key in call.args[1:2]:
                    if isinstance(key, ast.Constant):
                        named.add(key.value if "." in key.value else f"mends.{key.value}")
    for domain in DOMAINS:
        for name, message in messages(language, domain).items():
            if f"{domain}.{name}" in named:
                yield f"{domain}.{name}", forms(message)[0]
