"""`holdline funnel check` and `dry-run`, on files."""

from pathlib import Path

import pytest

from holdline.app.funnels.toml_lines import lines_by_path
from holdline.app.main import invoke

EXAMPLES = sorted((Path(__file__).parents[3] / "examples" / "funnels").iterdir())
BAD = """
name = "promo"
[[steps]]
send = { text = "Hi", buttons = [ { text = "a" } ] }
[[steps]]
wiat = "90s"
[[steps]]
if = { tag = "x" }
then = [  # a comment with ] in it
  { send = { txt = '''
''' } },
  { goto = "nowhere" },
]
[[steps]]
[steps.send]
text = ""
"""


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_are_well_written(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["funnel", "check", str(path)]) == 0
    assert invoke(["funnel", "dry-run", str(path), "--start", "2026-12-04 15:00 Europe/Warsaw"]) == 0
    assert "Messages: " in capsys.readouterr().out


def test_every_fault_has_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "promo.toml"
    path.write_text(BAD, encoding="utf-8")
    assert invoke(["funnel", "check", str(path)]) == 1
    said = [
        line.removeprefix(f"{path}, line ").split(": ")[:2] for line in capsys.readouterr().err.splitlines()
    ]
    assert said == [
        ["4", "steps[0].send.buttons[0]"],
        ["6", "steps[1].wiat"],
        ["10", "steps[2].then[0].send.txt"],
        ["10", "steps[2].then[0].send.text"],
        ["12", "steps[2].then[1].goto"],
        ["16", "steps[3].send.text"],
    ]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.toml", b"name = ", "not TOML"),
        ("a.json", b"[1]", "not a JSON object"),
        ("a.json", b"[" * 100_000, "not a JSON object"),
        ("a.toml", b"\xff", "not UTF-8"),
        ("a.toml", b"#" * 1_000_001, "larger"),
        ("gone.toml", None, "cannot be read"),
    ],
)
def test_a_file_that_is_not_a_funnel_is_refused(
    name: str, content: bytes | None, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert invoke(["funnel", "check", str(tmp_path / name)]) in (1, 2)
    assert says in capsys.readouterr().err


def test_a_customer_of_a_dry_run_has_tags_fields_and_texts(capsys: pytest.CaptureFixture[str]) -> None:
    welcome = next(path for path in EXAMPLES if path.name == "welcome.toml")
    says = ["--says", "Just looking", "--says", "no, thanks"]
    start = ["--start", "2026-12-04 15:00 Europe/Warsaw"]
    assert invoke(["funnel", "dry-run", str(welcome), *says, *start]) == 0
    out = capsys.readouterr().out
    assert "interest: Just looking" in out
    assert "Mon 2026-12-07 10:00:00" in out
    assert out.rstrip().endswith("stop\nMessages: 3")


@pytest.mark.parametrize(
    "options",
    [
        ["--field", "city"],
        ["--start", "yesterday"],
        ["--start", "2026-12-01 Mars/Base"],
        ["--language", "xx"],
    ],
)
def test_a_bad_option_is_refused_with_a_sentence(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["funnel", "dry-run", str(EXAMPLES[0]), *options]) == 2
    said = capsys.readouterr().err
    assert said.startswith("holdline: ") and (options[0] != "--start" or "Write it as in" in said)


def test_each_element_of_a_toml_file_has_its_line() -> None:
    text = """a.b = 1
"c d" = [
 1, # x
 {e = "]", f = [2]},
]
[g]
h = '''
"x"'''
[[g.i]]
j = 1
[[g.i]]
[g.i.k]
l=2
"""
    lines = lines_by_path(text)
    assert {path: lines[path] for path in ("a.b", "c d[0]", "c d[1].f[0]", "g.h", "g.i[0].j", "g.i[1].k.l")} == {
        "a.b": 1, "c d[0]": 3, "c d[1].f[0]": 4, "g.h": 7, "g.i[0].j": 10, "g.i[1].k.l": 13,
    }  # fmt: skip


def test_a_file_as_notepad_saves_it_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "promo.toml"
    path.write_text('name = "promo"\r\n[[steps]]\r\nsend = { text = "Hi" }\r\n', encoding="utf-8-sig")
    assert invoke(["funnel", "check", str(path)]) == 0, capsys.readouterr().err


def test_texts_that_no_step_waits_for_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    offer = str(next(path for path in EXAMPLES if path.name == "offer.toml"))
    assert invoke(["funnel", "dry-run", offer, "--says", "Show mee"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Times are those of UTC.") and "Never said: “Show mee”." in said


def test_a_branch_of_a_split_can_be_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.toml"
    branches = ", ".join(
        f'{{ name = "{name}", share = 50, then = [{{ send = {{ text = "Version {name}" }} }}] }}'
        for name in "ab"
    )
    path.write_text(f'name = "x"\n[[steps]]\nsplit = [{branches}]\n', encoding="utf-8")
    for name in "ab":
        assert invoke(["funnel", "dry-run", str(path), "--says", f"branch:{name}"]) == 0
        said = capsys.readouterr().out
        assert f"💬 Version {name}" in said and "Never taken" not in said
    assert invoke(["funnel", "dry-run", str(path), "--says", "branch:c"]) == 0
    assert "Never taken: “c”." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "head", "says"),
    [
        ("en", "“x” has no mistakes. Steps: 2.\nWays in: ", "nobody gets to this step"),
        ("ru", "ошибок в «x» нет. Шагов: 2.\nКак в неё входят: ", "никто не дойдёт"),
        ("pl", "„x” nie ma błędów. Kroki: 2.\nJak się do niego wchodzi: ", "nikt nie dotrze"),
    ],
)
def test_an_unreachable_step_is_reported_with_its_line(
    language: str, head: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.toml"
    path.write_text('name = "x"\n[[steps]]\nstop = true\n[[steps]]\ngoal = "read"\n', encoding="utf-8")
    assert invoke(["funnel", "check", str(path), "--language", language]) == 0
    told = capsys.readouterr().out
    assert head in told
    (line,) = [one for one in told.splitlines() if one.startswith("⚠️")]
    assert "4: steps[1]: " in line and says in line


MISTAKES = [
    ("name = 5\n[[steps]]\nstop = true\n", ["line 1: name: write text in quotes"]),
    ('name = "a"\n', ["steps: the funnel has no steps"]),
    ('name = "a"\n[[steps]]\nsend = "Hello"\n', ["line 3: steps[0].send: put it in braces"]),
    ('name = "a"\n[[steps]]\ngoto = 3\n', ["line 3: steps[0].goto: write text in quotes"]),
    ('name = "a"\n[[steps]]\nwait = "0s"\n', ["line 3: steps[0].wait: write a number from 1"]),
    ('name = "a"\n[[steps]]\nwait = "400d"\n', ["it is longer than 365 days. Shorten it."]),
    (
        'name = "a"\ngoals = [{ goal = "b" }]\n[[steps]]\nstop = true\n',
        ["line 2: goals[0].if: it is missing"],
    ),
    (
        'name = "a"\n[[steps]]\nif = { tags = "vip" }\nthen = [{ stop = true }]\n',
        ["line 3: steps[0].if.tags: a funnel has no key “tags” here. Did you mean “tag”?"],
    ),
]


@pytest.mark.parametrize(("written", "said"), MISTAKES)
def test_one_mistake_causes_one_sentence_with_the_correction(
    written: str, said: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.toml"
    path.write_text(written, encoding="utf-8")
    assert invoke(["funnel", "check", str(path)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(said)
    assert all(words in line for words, line in zip(said, lines, strict=True)), lines
