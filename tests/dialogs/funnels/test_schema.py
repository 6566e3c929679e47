"""The published JSON schema accepts and refuses the same definitions as the reader, as far as a schema can."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given

from holdline.dialogs.funnels.reading.definition import read_definition
from holdline.dialogs.funnels.reading.node import BadDefinition
from holdline.dialogs.funnels.schema import funnel_schema
from tests.dialogs.funnels.test_any_course import STEPS
from tests.dialogs.funnels.test_reading import BAD_SENSE, BAD_SHAPES, CONTRACT, funnel

ROOT = Path(__file__).parents[3]
SCHEMA = jsonschema_rs.Draft202012Validator(funnel_schema())


def is_read(written: Any) -> bool:
    try:
        read_definition(written)
    except BadDefinition:
        return False
    return True


def test_the_published_schema_is_the_one_in_the_code() -> None:
    assert json.loads((ROOT / "docs" / "funnel.schema.json").read_text(encoding="utf-8")) == funnel_schema()
    jsonschema_rs.meta.validate(funnel_schema())


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples" / "funnels").glob("*.toml")), ids=lambda path: path.name
)
def test_schema_and_reader_accept_the_examples(path: Path) -> None:
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert is_read(written)
    assert [error.message for error in SCHEMA.iter_errors(written)] == []


def test_schema_and_reader_accept_the_example_of_the_contract() -> None:
    assert SCHEMA.is_valid(CONTRACT) and is_read(CONTRACT)


@given(STEPS)
def test_schema_and_reader_accept_every_valid_definition(steps: Any) -> None:
    written = funnel({"tag": "begun", "label": "top"}, *steps)
    assert is_read(written)
    assert SCHEMA.is_valid(written)


@pytest.mark.parametrize("written", [written for written, _ in BAD_SHAPES])
def test_a_bad_shape_is_refused_by_the_schema(written: Any) -> None:
    assert not SCHEMA.is_valid(written)


@pytest.mark.parametrize("written", [written for written, _ in BAD_SENSE])
def test_the_schema_accepts_faults_that_only_the_reader_finds(written: Any) -> None:
    assert SCHEMA.is_valid(written)
