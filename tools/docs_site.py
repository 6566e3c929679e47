"""Hooks of the documentation site (mkdocs.yml): pages made from the code, and the files of this project that pages
link to.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from fastapi import FastAPI
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from typer import Context
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from holdline.app.main import cli
from holdline.web.app import api_routes
from holdline.web.docs_page import call_sections
from holdline.web.document import openapi_document

ROOT = Path(__file__).parents[1]
LINKS = {
    "../examples/": "examples/",
    "../config.example.toml": "configuration.md",
    "../README.md#commands": "commands.md",
    "decisions/)": "decisions/index.md)",
}
"""Beginnings of links: in the repository, and in the site."""
SECTION = re.compile(r"\[(?P<name>\w+)\]\s*(?:#\s*(?P<meaning>.*))?")
KEY = re.compile(r"(?P<name>\w+) = (?P<default>\"[^\"]*\"|\[.*?\]|\S+)\s*(?:#\s*(?P<meaning>.*))?")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the generated pages and the linked files."""
    files.append(File.generated(config, "commands.md", content=commands_page()))
    files.append(File.generated(config, "configuration.md", content=configuration_page()))
    files.append(File.generated(config, "decisions/index.md", content=decisions_page()))
    files.append(File.generated(config, "calls.md", content=calls_page()))
    for path in sorted((ROOT / "examples").rglob("*")):  # pages link to these files
        if path.is_file() and "__pycache__" not in path.parts:
            files.append(File.generated(config, str(path.relative_to(ROOT)), abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, /, *, page: Page, **_: object) -> str:
    """Changes links that lead somewhere else in the repository. The search shows decisions below pages for users."""
    if page.file.src_uri.startswith("decisions/"):
        page.meta["search"] = {"boost": 0.2}
    for in_repository, in_site in LINKS.items():
        markdown = markdown.replace(f"]({in_repository}", f"]({in_site}")
    return markdown


def decisions_page() -> str:
    """One line for each decision, with its title."""
    lines = ["# Decisions", "", "What could have gone otherwise, why it did not, and what was measured.", ""]
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        title = path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        lines.append(f"- [{title}]({path.name})")
    return "\n".join([*lines, ""])


def commands_page() -> str:
    """Every command with its arguments and options, from the command line's own definitions."""
    lines = [
        "# Commands",
        "",
        "`holdline COMMAND --help` prints the same. Exit codes: 0 well, 1 a check failed, 2 the call or the"
        " configuration is wrong.",
        "",
    ]
    for name, command in walk_commands(get_command(cli), "holdline"):
        lines += [f"## {name}", "", command.help or command.short_help or "", ""]
        rows = parameters(command)
        lines += ["| write | meaning |", "| --- | --- |"] if rows else []
        lines += [
            f"| <code>{_cell(escape(written))}</code> | {_cell(meaning)} |" for written, meaning in rows
        ]
        lines.append("")
    return "\n".join(lines)


def walk_commands(command: TyperGroup | TyperCommand, name: str) -> Iterator[tuple[str, TyperCommand]]:
    """Every command with its full name; groups are only walked through."""
    if isinstance(command, TyperGroup):
        for part, child in command.commands.items():
            yield from walk_commands(child, f"{name} {part}")
    else:
        yield name, command


def parameters(command: TyperCommand) -> list[tuple[str, str]]:
    """What one types and what it means, for every argument and option but `--help`."""
    records = [parameter.get_help_record(Context(command)) for parameter in command.params]
    return [record for record in records if record is not None]


def calls_page() -> str:
    """Every call of the HTTP API with its fields and a curl line, from the OpenAPI document."""
    app = FastAPI(title="Holdline", routes=list(api_routes()))
    lines = [
        "# Every call of the HTTP API",
        "",
        "`DESK` is the address of your desk, such as `http://127.0.0.1:8080`, and `KEY` a key from"
        " `holdline key create`. A running desk shows the same page at `/docs`.",
        "",
    ]
    for tag, calls in call_sections(openapi_document(app)).items():
        lines += [f"## {tag}", "", calls, ""]
    return "\n".join(lines)


def configuration_page() -> str:
    """Every key with its default and meaning, from the example configuration, which is compared with the code."""
    lines = [
        "# Configuration",
        "",
        "The configuration is one TOML file. `holdline init` writes it. The environment variable"
        " `HOLDLINE_<SECTION>__<KEY>` overrides the file, for example `HOLDLINE_WEB__PORT`.",
        "",
    ]
    for line in (ROOT / "config.example.toml").read_text(encoding="utf-8").splitlines():
        if section := SECTION.fullmatch(line):
            meaning = section["meaning"] or ""
            lines += ["", f"## {section['name']}", "", _sentence(meaning), ""]
            lines += ["| key | default | meaning |", "| --- | --- | --- |"]
        elif key := KEY.fullmatch(line):
            lines.append(f"| `{key['name']}` | `{key['default']}` | {_cell(key['meaning'] or '')} |")
    return "\n".join([*lines, ""])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("." if text and not text.endswith(".") else "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "&#124;")
