"""Reads the configuration. Every mistake becomes one sentence with the key, the line and the correction."""

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from holdline.app.command_failed import CommandFailed
from holdline.app.settings import (
    PREFIX,
    SQLITE,
    TELEGRAM,
    EnvironmentSettings,
    Settings,
    environment_keys,
    holdline_variables,
)
from holdline.web.own_paths import is_own_path, webhook_path

DEFAULT_PATH = Path("holdline.toml")
WEBHOOK_PORTS = (None, 443, 80, 88, 8443)
"""From https://core.telegram.org/bots/api#setwebhook; None means 443."""
WEBHOOK_PORTS_NAMED = ", ".join(str(port) for port in WEBHOOK_PORTS if port)
_HEADER = re.compile(r"\s*\[\s*([A-Za-z0-9_.-]+)\s*\]")
_KEY = re.compile(r"""\s*["']?([A-Za-z0-9_.-]+)["']?\s*=""")
_MENDS = {
    "int_type": "write a whole number without quotes",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number without quotes",
    "float_parsing": "write a number",
    "bool_type": "write true or false without quotes",
    "bool_parsing": "write true or false",
    "string_type": "put the value in quotes",
    "string_sub_type": "put the value in quotes",
    "list_type": "write a list in brackets, such as [111111111]",
    "model_type": "write it as a section with keys below it",
    "model_attributes_type": "write it as a section with keys below it",
}


class ConfigurationError(CommandFailed):
    """The configuration is wrong. The message is printed to standard error."""


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


def load_configuration(named: Path | None) -> Configuration:
    """Reads the given file, otherwise holdline.toml in this folder if it exists, otherwise only the environment."""
    path = named or (DEFAULT_PATH if DEFAULT_PATH.exists() else None)
    return Configuration(settings=read_settings(path), path=path, base=path.parent if path else Path())


def read_settings(path: Path | None) -> Settings:
    """Reads the file (if given) and the environment. The text of a ConfigurationError never contains a secret."""
    text = _text(path)
    _check_environment()
    try:
        written = tomllib.loads(text)
        Settings.model_validate(written, strict=True)
    except tomllib.TOMLDecodeError as broken:
        raise ConfigurationError(_not_toml(broken, path, text)) from None
    except ValidationError as wrong:
        raise ConfigurationError(_in_file(wrong.errors()[0], path, text)) from None
    try:
        settings = EnvironmentSettings(**written)
    except ValidationError as wrong:
        raise ConfigurationError(_in_environment(wrong.errors()[0])) from None
    except SettingsError as wrong:
        raise ConfigurationError(_unreadable(str(wrong))) from None
    _check_webhook(settings, path, text)
    return settings


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


def _not_toml(broken: tomllib.TOMLDecodeError, path: Path | None, text: str) -> str:
    """The most common mistake is a value without quotes. The value is not repeated, because it may be the token."""
    match = re.search(r"at line (\d+)", str(broken))
    number = int(match.group(1)) if match else 0
    line = text.splitlines()[number - 1] if 0 < number <= len(text.splitlines()) else ""
    written = _KEY.match(line)
    key = next((key for key in keys() if written and line_of(text, key) == number), None)
    if written and key and not line[written.end() :].lstrip().startswith(('"', "'")) and _is_text(key):
        return f"{path}, line {number}: put the value of {key} in quotes."
    return f"{path} is not TOML: {broken}."


def _is_text(key: str) -> bool:
    return isinstance(Settings.fields_by_key()[key].default, str | SecretStr)


def _in_file(error: ErrorDetails, path: Path | None, text: str) -> str:
    key = _key(error)
    line = line_of(text, key)
    where = f"{path}, line {line}" if line else f"{path}"
    return f"{where}: {key} {_mend(error)}."


def _in_environment(error: ErrorDetails) -> str:
    key = _key(error)
    return f"{PREFIX}{key.upper().replace('.', '__')} in the environment: {key} {_mend(error)}."


def _unreadable(reason: str) -> str:
    """The library names only the section of the variable. Only a list can be unreadable."""
    match = re.search(r'"(\w+)"', reason)
    section = f"{PREFIX}{match.group(1).upper() if match else ''}"
    lists = {
        f"{PREFIX}{key.replace('.', '__')}".upper()
        for key, field in Settings.fields_by_key().items()
        if isinstance(field.default, list)
    }
    names = [name for name in environment_keys() if name.upper() in lists]
    named = next((name for name in names if name.upper().startswith(section)), section)
    return f"{named} in the environment is unreadable; a list is written as JSON, such as [111111111]."


def _key(error: ErrorDetails) -> str:
    return ".".join(part for part in error["loc"] if isinstance(part, str))


def _mend(error: ErrorDetails) -> str:
    """What is wrong and how to correct it, without the value, which may be a secret."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return "is not a key of Holdline" + _suggest_key(_key(error))
    if kind == "literal_error":
        return f"must be one of {context['expected']}"
    if kind == "value_error":
        return str(context["error"])
    if kind in _MENDS:
        return f"has the wrong type: {_MENDS[kind]}"
    return "is out of range: " + error["msg"].lower()


def _suggest_key(key: str) -> str:
    close = difflib.get_close_matches(key, [*keys(), *Settings.model_fields], n=1, cutoff=0.6)
    return (
        f"; did you mean {close[0]}? Otherwise delete it"
        if close
        else "; delete it, or see config.example.toml"
    )


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
        elif written := _KEY.match(line):
            named = section + written.group(1)
        else:
            continue
        if named == key:
            return number
        if key.startswith(named + "."):
            line_number = number
    return line_number


def _check_environment() -> None:
    known_names = {PREFIX + key.upper().replace(".", "__") for key in keys()}
    meant = {_with_single_underscores(name): name for name in known_names}
    for name in holdline_variables():
        if name.upper() in known_names:
            continue
        if right := meant.get(_with_single_underscores(name)):
            raise ConfigurationError(
                f"{name} in the environment sets nothing; write {right}, with two underscores behind the section."
            )
        if "__" in name:
            key = name.upper().removeprefix(PREFIX).lower().replace("__", ".")
            raise ConfigurationError(
                f"{name} in the environment: {key} is not a key of Holdline{_suggest_key(key)}."
            )


def _with_single_underscores(name: str) -> str:
    return re.sub("_+", "_", name.upper())


def _check_webhook(settings: Settings, path: Path | None, text: str) -> None:
    telegram = settings.telegram
    if telegram.intake != "webhook":
        return
    for key in ("webhook_url", "webhook_secret"):
        value = getattr(telegram, key)
        if not (value if isinstance(value, str) else value.get_secret_value()):
            raise ConfigurationError(
                f'{_place(path, text, "telegram.intake")}: telegram.intake = "webhook" needs telegram.{key} too; '
                'add it, or set intake = "polling".'
            )
    refused = _path_problem(telegram.webhook_url)
    if not refused and telegram.api_base == TELEGRAM:
        refused = _address_problem(telegram.webhook_url)
    if refused:
        where = _place(path, text, "telegram.webhook_url")
        raise ConfigurationError(f"{where}: telegram.webhook_url {refused}.")


def _path_problem(url: str) -> str:
    """Telegram's updates need a path that is not used by the HTTP API or the probes."""
    path = webhook_path(url)
    if is_own_path(path):
        return f"must not end in {path}, which is an address of Holdline itself; take another path, such as /telegram"
    if "{" in path:
        return "must not have braces in its path; take a plain one, such as /telegram"
    return ""


def _address_problem(url: str) -> str:
    """Telegram's servers call only certain addresses. A separate Bot API server has fewer limits."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return "must begin with https://, because Telegram calls no other address; let a proxy hold the certificate"
    if parts.port not in WEBHOOK_PORTS:
        return (
            f"must use one of the ports that Telegram calls ({WEBHOOK_PORTS_NAMED}); let a proxy listen there"
        )
    return ""


def _place(path: Path | None, text: str, key: str) -> str:
    """Where a key is set: the file and its line, or the environment."""
    line = line_of(text, key)
    return f"{path}, line {line}" if line else f"{path or 'The environment'}"
