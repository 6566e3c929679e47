"""`holdline init` asks, tries each answer where the sandbox plays Telegram, and writes what works."""

import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from holdline.app.command_failed import CommandFailed
from holdline.app.setup import init
from holdline.app.setup.init import read_values
from holdline.app.setup.interview import interview
from holdline.app.setup.template import fill
from holdline.sandbox import SEED_GROUP, Sandbox
from tests.app.command_line import holdline

EXAMPLE = (Path(__file__).parents[2] / "config.example.toml").read_text(encoding="utf-8")


class Scripted:
    """A person who gives these answers to the questions that begin so, each once; an empty one is the default."""

    def __init__(self, *answers: tuple[str, str]) -> None:
        self.answers, self.heard = list(answers), list[str]()

    def say(self, sentence: str) -> None:
        self.heard.append(sentence)

    def ask(self, question: str, default: str = "", *, secret: bool = False) -> str:
        assert self.answers, f"asked once more: {question}; heard {self.heard}"
        begins, answer = self.answers.pop(0)
        assert begins in question, f"{question!r} was asked instead of {begins!r}; heard {self.heard}"
        return answer or default


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield int(other.getsockname()[1])


@pytest.fixture
def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as other:
        return int(other.getsockname()[1])


async def test_init_checks_every_answer_and_asks_again_after_a_wrong_one(
    box: Sandbox, sandbox_url: str, tmp_path: Path, taken: int, free: int
) -> None:
    box.customer(400000077, "Maria", username="maria")
    box.says(400000077, "/start")
    talk = Scripted(
        ("token", "abc"),
        ("token", "123456:wrong-one"),
        ("token", box.options.token),
        ("Your Telegram id", ""),
        ("Maria (@maria), id 400000077", "y"),
        ("group's id", "desk"),
        ("group's id", str(SEED_GROUP)),
        ("Language", "de"),
        ("Language", "pl"),
        ("Database", "mysql://x"),
        ("Database", ""),
        ("Port", "80000"),
        ("Port", str(taken)),
        ("Port", str(free)),
    )
    values = await interview(talk, {"telegram.api_base": sandbox_url}, base=tmp_path)
    assert values == {
        "telegram.api_base": sandbox_url,
        "telegram.token": box.options.token,
        "telegram.admins": [400000077],
        "telegram.staff_group": SEED_GROUP,
        "desk.language": "pl",
        "store.url": "sqlite:///holdline.db",
        "web.port": free,
    }
    said = "\n".join(talk.heard)
    for sentence in (
        "A token looks like",
        "does not accept",
        "The token belongs to @",
        "postgresql://user",
        "1 to 65535",
    ):
        assert sentence in said, sentence
    assert box.options.token not in said


async def test_given_options_are_not_asked_for_and_no_group_is_a_valid_answer(
    box: Sandbox, sandbox_url: str, tmp_path: Path, free: int
) -> None:
    given: dict[str, Any] = {
        "telegram.api_base": sandbox_url,
        "telegram.token": box.options.token,
        "telegram.admins": [7],
        "desk.language": "ru",
        "store.url": "sqlite:///x.db",
        "web.port": free,
    }
    talk = Scripted(("group's id", ""), ("group's id", "0"))
    values = await interview(talk, given, base=tmp_path)
    assert values == given | {"telegram.staff_group": 0}


@pytest.mark.parametrize("yes", ["yes", "Y", "YES"])
async def test_an_administrator_is_found_for_every_form_of_yes_and_at_the_second_question(
    box: Sandbox, sandbox_url: str, tmp_path: Path, free: int, yes: str
) -> None:
    box.customer(400000077, "Maria")
    box.customer(400000078, "Ivan")
    box.says(400000078, "/start")
    box.says(400000077, "/start")
    talk = Scripted(
        ("Your Telegram id", "@maria"), ("Your Telegram id", ""), ("Ivan, id", "No"), ("Maria, id", "sure"),
        ("Maria, id", yes), ("group's id", "-100123"), ("Take it anyway", yes), ("Language", ""),
        ("Database", ""), ("Port", str(free)),
    )  # fmt: skip
    values = await interview(
        talk, {"telegram.api_base": sandbox_url, "telegram.token": box.options.token}, base=tmp_path
    )
    assert (values["telegram.admins"], values["telegram.staff_group"]) == ([400000077], -100123)
    assert [line for line in talk.heard if "faster" in line or "y or n" in line] == [
        "Then somebody else was faster. Waiting for your message …",
        "Answer y or n.",
    ]


async def test_the_messages_that_init_has_seen_are_still_there_for_the_desk(
    box: Sandbox, sandbox_url: str, tmp_path: Path, free: int
) -> None:
    box.customer(400000077, "Maria")
    box.says(400000077, "/start")
    before = len(box.tg.updates.waiting)
    talk = Scripted(
        ("Your Telegram id", "find"), ("Maria, id", "y"), ("group's id", "0"), ("Language", ""), ("Database", ""),
        ("Port", str(free)),
    )  # fmt: skip
    await interview(
        talk, {"telegram.api_base": sandbox_url, "telegram.token": box.options.token}, base=tmp_path
    )
    assert len(box.tg.updates.waiting) == before > 0


def test_a_filled_template_keeps_every_comment_and_contains_the_values() -> None:
    values = {"telegram.token": "1:a#b", "telegram.admins": [7], "web.port": 9090, "desk.language": "pl"}
    filled = fill(EXAMPLE, values)
    read = tomllib.loads(filled)
    assert (read["telegram"]["token"], read["telegram"]["admins"]) == ("1:a#b", [7])
    assert (read["web"]["port"], read["desk"]["language"]) == (9090, "pl")
    comments = [line.partition("#")[2] for line in EXAMPLE.splitlines()]
    assert [line.rpartition("#")[2] if "1:a#b" in line else line.partition("#")[2]
            for line in filled.splitlines()] == comments  # fmt: skip


def test_values_may_be_given_on_the_command_line(tmp_path: Path) -> None:
    told = holdline("init", "--set", "web.port=9090", "--set", "telegram.token=7:abcdef", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    read = tomllib.loads((tmp_path / "holdline.toml").read_text())
    assert (read["web"]["port"], read["telegram"]["token"]) == (9090, "7:abcdef")
    wrong = holdline("init", "--to", "b.toml", "--set", "web.port=none", folder=tmp_path)
    assert wrong.returncode == 2 and not (tmp_path / "b.toml").exists()


@pytest.mark.parametrize("written", ["web.port", "web.ports=1", "=3"])
def test_a_value_without_a_known_key_is_refused(written: str) -> None:
    with pytest.raises(CommandFailed, match="--set"):
        read_values([written])


def test_an_existing_file_stays_in_its_place_until_the_questions_are_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "holdline.toml"
    answers: list[Any] = [KeyboardInterrupt(), {"web.port": "none"}, {"web.port": 9090}]

    async def asked(*_: Any, **__: Any) -> dict[str, Any]:
        answer = answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(init, "interview", asked)
    monkeypatch.setattr(init, "run_check", lambda *_, **__: 0)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: True)
    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(init, "sys", SimpleNamespace(stdin=terminal, stdout=terminal))
    to.write_text("# mine")
    (tmp_path / "holdline.toml.old").write_text("# older")
    for refusal in (KeyboardInterrupt, CommandFailed):
        with pytest.raises(refusal):
            init.run_init(to, yes=False, written=[])
        assert to.read_text() == "# mine"
    assert init.run_init(to, yes=False, written=[]) == 0
    assert tomllib.loads(to.read_text())["web"]["port"] == 9090
    kept = {path.name: path.read_text() for path in tmp_path.glob("*.old*")}
    assert kept == {"holdline.toml.old": "# older", "holdline.toml.old1": "# mine"}
