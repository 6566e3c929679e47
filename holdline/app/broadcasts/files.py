"""A broadcast's file: TOML with the keys of `POST /broadcasts`."""

from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from holdline.app.command_failed import CommandFailed
from holdline.app.mistakes.toml import parse_toml, say_broken
from holdline.dialogs.refusal import BadInput
from holdline.texts import say
from holdline.web.schemas.marketing.broadcasts import BroadcastIn
from holdline.web.validation_hints import hint_of

LARGEST_BYTES = 1_000_000
_OF_THE_CALL = {"test_to", "dry_run"}


def read_broadcast_file(path: Path, language: str, **options: Any) -> BroadcastIn:
    """The body as the API accepts it, with the command's `options`. CommandFailed names the field and what is wrong."""
    written = _read(path)
    for name in sorted(_OF_THE_CALL & set(written)):
        raise CommandFailed(f"{path}: “{name}” is an option of the command: --{name.replace('_', '-')}.")
    try:
        body = BroadcastIn.model_validate(_plain(written) | options)
        _ = body.order  # text and files are checked only here
    except ValidationError as bad:
        error = bad.errors()[0]
        field, mend, words = hint_of({**error, "loc": ("body", *error["loc"])}, body=BroadcastIn)
        raise CommandFailed(f"{path}: {say(f'web.{mend}', language, field=field, **words)}") from bad
    except BadInput as bad:
        raise CommandFailed(f"{path}: {bad.sentence(language)}") from bad
    return body


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise CommandFailed(f"{path} is larger than a broadcast can be ({LARGEST_BYTES // 1000} kB).")
        written, lines = parse_toml(path.read_text(encoding="utf-8-sig"))
    except OSError as missing:
        raise CommandFailed(f"{path} cannot be read: {missing.strerror}.") from missing
    except UnicodeDecodeError as broken:
        raise CommandFailed(f"{path} is not UTF-8 text: save it as UTF-8.") from broken
    if lines:
        raise CommandFailed(f"{path} is not TOML: {say_broken(lines)}.")
    return written


def _plain(value: Any) -> Any:
    """Converts TOML's own date types to text, as the API accepts them."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
