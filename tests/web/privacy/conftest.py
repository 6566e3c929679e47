"""A desk that forwards by mail, and an erasure list of its own."""

from pathlib import Path

import pytest

from holdline.dialogs.rules import DeskRules
from holdline.scheduler.privacy.erasure_list import ErasureList
from tests.conftest import BOT


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(mail_from="desk@example.org")


@pytest.fixture
def erased(tmp_path: Path) -> ErasureList:
    return ErasureList(tmp_path / "erased.jsonl", BOT)
