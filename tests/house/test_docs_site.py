"""The documentation site is built without the network, its links lead somewhere, and every command, option,
configuration key and call is documented.
"""

import os
import re
from pathlib import Path

import pytest
from typer.main import get_command

from holdline.app.configuration import keys
from holdline.app.main import cli
from tests.web.test_keys import OPEN, SCOPES
from tools.docs_site import KEY, ROOT, parameters, walk_commands

os.environ["NO_MKDOCS_2_WARNING"] = "1"  # before the theme is imported, which would print it


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. A warning, such as a broken link or a missing anchor, fails the build."""
    from mkdocs.commands.build import build  # noqa: PLC0415
    from mkdocs.config import load_config  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("site")
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return folder


def test_every_command_is_on_its_page(site: Path) -> None:
    page = (site / "commands.html").read_text(encoding="utf-8")
    named = {name for name, _ in walk_commands(get_command(cli), "holdline")}
    assert len(named) > 20
    assert [name for name in sorted(named) if f'id="{name.replace(" ", "-")}"' not in page] == []


def test_every_command_and_option_has_a_description() -> None:
    commands = dict(walk_commands(get_command(cli), "holdline"))
    assert [name for name, command in commands.items() if not command.help] == []
    silent = [
        (name, written)
        for name, command in commands.items()
        for written, meaning in parameters(command)
        if not meaning.strip() or meaning.strip().startswith("[")
    ]
    assert silent == []


def test_every_configuration_key_is_on_its_page_with_its_meaning(site: Path) -> None:
    page = (site / "configuration.html").read_text(encoding="utf-8")
    explained = {
        line["name"]
        for line in map(
            KEY.fullmatch, (ROOT / "config.example.toml").read_text(encoding="utf-8").splitlines()
        )
        if line and line["meaning"]
    }
    names = {key.rpartition(".")[2] for key in keys()}
    assert names - explained == set()
    assert [name for name in sorted(names) if f"<code>{name}</code>" not in page] == []


def test_every_call_has_a_curl_line(site: Path) -> None:
    page = (site / "calls.html").read_text(encoding="utf-8")
    missing = [
        (method, path)
        for method, path in SCOPES
        if path not in OPEN and f"<code>{method} /api/v1{path}</code>" not in page
    ]
    assert missing == []
    assert page.count("curl -s") >= len(SCOPES)


def test_no_page_loads_anything_from_another_server(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 50
    for page in pages:
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"?(https?:[^\"> ]*)", text)
        assert loaded == [], page.name
