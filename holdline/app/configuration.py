"""Reads the configuration. Every mistake becomes one sentence with the key, the line and the correction."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsError

from holdline.app.command_failed import CommandFailed
from holdline.app.mistakes.environment import find_unknown_variables, say_unreadable, variable_of
from holdline.app.mistakes.toml import KEY, BrokenLine, parse_toml
from holdline.app.mistakes.values import Mistake, find_mistakes, find_webhook_mistakes
from holdline.app.settings import SQLITE, EnvironmentSettings, Settings, environment_keys

DEFAULT_PATH = Path("holdline.toml")
_HEADER = re.compile(r"\s*\[\s*([A-Za-z0-9_.-]+)\s*\]")


class ConfigurationError(CommandFailed):
    """The configuration is wrong. Each mistake is a sentence, printed to standard error."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Configuration:
    """`base` is the folder that relative paths start from: the folder of the file."""

    settings: Settings
    path: Path | None
    base: Path

    @property
    def database_file(self) -> Path | None:
        """The path of the SQLite file, which may not exist yet; None for PostgreSQL."""
        url = self.settings.store.url
        return self.base / url.removeprefix(SQLITE) if url.startswith(SQLITE) else None

    @property
    def database_name(self) -> str:
        """Which database it is, in words without a password."""
        if self.database_file is not None:
            return str(self.database_file.absolute())
        parts = urlsplit(self.settings.store.url)
        return f"the database {parts.path.removeprefix('/')} at {parts.hostname or 'this machine'}"


def load_configuration(named: Path | None) -> Configuration:
    """Reads the given file, otherwise holdline.toml in this folder if it exists, otherwise only the environment.

    Raises ConfigurationError if there is none of them: a command in a wrong folder must not work with the defaults.
    """
    path = named or (DEFAULT_PATH if DEFAULT_PATH.exists() else None)
    settings = read_settings(path)
    if path is None and not environment_keys():
        raise ConfigurationError(
            f"there is no holdline.toml in this folder ({Path.cwd()}): go to the folder of your desk, "
            "or name the file with --config FILE, or make one with `holdline init`."
        )
    return Configuration(settings=settings, path=path, base=path.parent if path else Path())


def read_settings(path: Path | None) -> Settings:
    """Reads the file (if given) and the environment. Raises ConfigurationError with every mistake, and no secret."""
    text = _text(path)
    written, broken = parse_toml(text)
    in_file = [(one.number or 0, _in_line(one, path, text)) for one in broken]
    in_file += [(line_of(text, one.key) or 0, _in_file(one, path, text)) for one in mistakes_of(written)]
    found = [*(sentence for _, sentence in sorted(in_file)), *find_unknown_variables(), *_in_environment()]
    if not found:
        settings = EnvironmentSettings(**written)
        found = [_in_file(mistake, path, text) for mistake in find_webhook_mistakes(settings)]
    if found:
        raise ConfigurationError(*found)
    return settings


def mistakes_of(written: dict[str, Any]) -> list[Mistake]:
    """What is wrong in these sections."""
    try:
        Settings.model_validate(written, strict=True)
    except ValidationError as wrong:
        return find_mistakes(wrong)
    return []


def keys() -> list[str]:
    """All keys, as section.key."""
    return list(Settings.fields_by_key())


def line_of(text: str, key: str) -> int | None:
    """The line that sets `key`, or the line of its section if the key is not there."""
    section, line_number = "", None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            section = header.group(1) + "."
            named = header.group(1)
        elif written := KEY.match(line):
            named = section + written.group(1)
        else:
            continue
        if named == key:
            return number
        if key.startswith(named + "."):
            line_number = number
    return line_number


def _text(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except IsADirectoryError:
        raise ConfigurationError(f"{path} is a folder; name the TOML file in it.") from None
    except FileNotFoundError as missing:
        raise ConfigurationError(
            f"{path} cannot be read ({missing.strerror}); `holdline init --to {path}` writes one to fill in."
        ) from None
    except OSError as refused:
        raise ConfigurationError(
            f"{path} cannot be read ({refused.strerror}); give it to the user who runs this, with chown or chmod."
        ) from None


def _in_line(broken: BrokenLine, path: Path | None, text: str) -> str:
    """The most common mistake is a value without quotes. The value is not repeated, because it may be the token."""
    if not broken.number:
        return f"{path} is not TOML: {broken.words}."
    line = text.splitlines()[broken.number - 1]
    written = KEY.match(line)
    key = next((key for key in keys() if written and line_of(text, key) == broken.number), None)
    if written and key and not line[written.end() :].lstrip().startswith(('"', "'")) and _is_text(key):
        return f"{path}, line {broken.number}: put the value of {key} in quotes."
    return f"{path}, line {broken.number} is not TOML: {broken.words}."


def _is_text(key: str) -> bool:
    return isinstance(Settings.fields_by_key()[key].default, str | SecretStr)


def _in_file(mistake: Mistake, path: Path | None, text: str) -> str:
    line = line_of(text, mistake.key)
    where = f"{path}, line {line}" if line else f"{path or 'The environment'}"
    return f"{where}: {mistake.key} {mistake.words}."


def _in_environment() -> list[str]:
    """The mistakes in variables that set a key; the file is checked separately."""
    try:
        EnvironmentSettings()
    except ValidationError as wrong:
        known = [mistake for mistake in find_mistakes(wrong) if mistake.key in keys()]
        return [f"{variable_of(one.key)} in the environment: {one.key} {one.words}." for one in known]
    except SettingsError as wrong:
        return [say_unreadable(str(wrong))]
    return []
