"""Documents that cannot go stale: the build compares them with the code."""

import re
import tomllib
from pathlib import Path

from holdline.app.configuration import keys, line_of, read_settings
from holdline.app.settings import Settings
from holdline.dialogs.life import DialogLife
from tests.rows import owed, report

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"
WORDS = (
    "customer", "manager", "dialog", "general chat", "inbox item", "stage", "gate", "funnel", "step", "enrolment",
    "broadcast", "audience", "recipient", "smart reply", "outbox", "chat", "lease", "attempt", "parked",
    "service rating", "customer score", "draft", "note", "topic",
)  # fmt: skip


def read_text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_life_of_a_dialog_in_the_docs_is_the_one_in_the_code() -> None:
    assert format(DialogLife, "md").strip() in read_text("docs/architecture.md")


def test_the_example_names_every_key_with_its_default() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert tomllib.loads(text).keys() == Settings.model_fields.keys()
    assert [key for key in keys() if line_of(text, key) is None] == []
    assert read_settings(EXAMPLE).model_dump() == Settings().model_dump()


def test_the_lock_files_name_no_address_and_pin_every_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = read_text(name)
        assert "://" not in text, name
        pinned = re.findall(r"^[a-z0-9][^\n]*==[^\n]*", text, flags=re.MULTILINE)
        assert pinned, name
        for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
            if not block.startswith(("#", "--")):
                assert "--hash=sha256:" in block, block.partition("\n")[0]


def test_every_word_of_the_glossary_is_explained() -> None:
    glossary = read_text("docs/glossary.md").lower()
    assert [word for word in WORDS if f"**{word}**" not in glossary] == []


def test_the_commands_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read_text("Makefile"), flags=re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)`", read_text("README.md")))
    assert {"demo", "test"} <= named
    assert named <= targets


def test_every_test_that_the_promise_names_exists() -> None:
    promised = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", read_text("README.md"))
    assert promised
    for path, test in promised:
        assert (ROOT / path).exists(), path
        assert not test or f"def {test}(" in read_text(path), f"{path}::{test}"


def test_every_link_between_documents_has_a_target() -> None:
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} → {target}"


def test_all_rows_are_present() -> None:
    count = {line.split()[0]: line.split()[1] for line in report(owed(), {})[:9]}
    assert count == {
        "L": "0/70",
        "S": "0/31",
        "R": "0/40",
        "W": "0/33",
        "K": "0/18",
        "M": "0/16",
        "F": "0/13",
        "O": "0/11",
        "C": "0/39",
    }


def test_every_marked_row_is_a_known_row() -> None:
    from tests.rows import marked  # noqa: PLC0415

    assert set(marked()) - set(owed()) == set()


def test_every_file_that_a_document_names_exists() -> None:
    """Paths in backticks, from the root or from the package."""
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    elsewhere = {"context/storage.py", "manager/message_manager.py"}  # of a library that decision 3 speaks of
    named = {
        (document.name, path)
        for document in documents
        for path in re.findall(
            r"(?<![\w/])((?:\w+/)+\w+\.(?:py|po|sql|md))\b", document.read_text(encoding="utf-8")
        )
    }
    gone = [
        (document, path)
        for document, path in sorted(named)
        if path not in elsewhere
        and not any((root / path).exists() for root in (ROOT, ROOT / "holdline", ROOT / "docs"))
    ]
    assert len(named) > 50
    assert gone == []
