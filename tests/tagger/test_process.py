"""The tagger as the desk starts it: lines in, lines out, and it ends with its input."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from holdline.scheduler.tagging.tagger_process import COMMAND
from tests.app.command_line import holdline
from tests.tagger.talks import talks


def tagger(*arguments: object, command: tuple[str, ...] = COMMAND) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*command, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def lines(*objects: Any) -> str:
    return "".join(json.dumps(each) + "\n" for each in objects)


def test_a_tagger_is_trained_and_answers(tmp_path: Path) -> None:
    examples = [{"text": example.text, "tags": list(example.tags)} for example in talks(20)]
    with tagger("train", tmp_path / "one.npz") as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(lines(*examples, {"end": True}))
        process.stdin.flush()
        told = [json.loads(line) for line in process.stdout]
    assert [each["step"] for each in told[:-1]] == [*(f"trying {n}/5" for n in range(1, 6)), "learning"]
    trained = told[-1]["trained"]
    assert (trained["tags"], trained["examples"]) == (3, 60)
    asked = {"text": "the parcel, and the courier", "threshold": 0.5, "most": 3}
    with tagger("answer", tmp_path / "one.npz", trained["checksum"]) as process:
        out, _ = process.communicate(lines(asked, {**asked, "threshold": 1.0}))
    first, second = (json.loads(line) for line in out.splitlines())
    assert [tag for tag, _ in first["tags"]] == ["delivery"]
    assert second == {"tags": []}


def test_the_tagger_ends_with_the_process_that_started_it(
    tmp_path: Path, warm_tagger: tuple[str, ...]
) -> None:
    examples = [{"text": example.text, "tags": list(example.tags)} for example in talks(100)]
    with tagger("train", tmp_path / "one.npz", command=warm_tagger) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(lines(*examples, {"end": True}))
        process.stdin.flush()
        process.stdout.readline()
        process.stdin.close()
        assert process.wait(30) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_model_file_is_reported(tmp_path: Path, warm_tagger: tuple[str, ...]) -> None:
    (tmp_path / "one.npz").write_bytes(b"not ours")
    with tagger("answer", tmp_path / "one.npz", "0" * 64, command=warm_tagger) as process:
        out, _ = process.communicate("")
    assert process.returncode == 1
    assert "not the file" in json.loads(out)["failed"]


def test_labelled_texts_are_evaluated_by_command(tmp_path: Path) -> None:
    table, others = tmp_path / "texts.csv", tmp_path / "others.csv"
    rows = [f'"{example.text}",{example.tags[0]}' for example in talks(40)]
    table.write_text("\n".join(["text,intent", *rows]))
    others.write_text("text,intent\nthe weather is fine today,oos\nwho won the match,oos\n")
    done = holdline("tags", "evaluate", str(table), "--outside", str(others), "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["top1"] > 0.9
    assert figures["auroc"] > 0.9
    assert (
        "AUROC" in holdline("tags", "evaluate", str(table), "--outside", str(others), folder=tmp_path).stdout
    )


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "text,intent\nonly one,x\n"])
def test_an_invalid_table_of_texts_is_refused_with_a_sentence(tmp_path: Path, content: str) -> None:
    table = tmp_path / "texts.csv"
    table.write_text(content)
    done = holdline("tags", "evaluate", str(table), folder=tmp_path)
    assert done.returncode in (1, 2)
    assert len(done.stderr.splitlines()) == 1
