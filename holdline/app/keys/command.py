"""`holdline key create`, `key list` and `key revoke`. A key is shown once; only its hash is stored."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import typer

from holdline.app.command_failed import CommandFailed
from holdline.app.open_store import run_use_case
from holdline.desk.people.keys import create_key, keys_page, revoke_key
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.text.api_key import valid_limits
from holdline.store.clock import Clock
from holdline.store.tx import Row, Tx

T = TypeVar("T")
_LASTS = re.compile(r"([1-9]\d{0,4})([hd])")


def run_key_create(
    config: Path | None,
    *,
    name: str,
    scopes: tuple[str, ...],
    expires: str | None = None,
    limits: tuple[int | None, int | None] = (None, None),
) -> int:
    """`limits`: per minute, per day. The secret is printed alone on the last line, so that a script can read it."""
    good_for = _duration(expires) if expires is not None else None

    def create(tx: Tx) -> str:
        most = valid_limits(*limits)
        return create_key(tx, name=name, scopes=scopes, good_for=good_for, limits=most)

    secret = _with_store(config, create)
    typer.echo(secret)
    return 0


def run_key_list(config: Path | None, *, as_json: bool) -> int:
    """Prints one key per line; with `--json` one object on the last line."""
    page = _with_store(config, keys_page)
    now = Clock().now()
    if as_json:
        typer.echo(json.dumps({"keys": [_as_object(key, now) for key in page]}))
        return 0
    for key in page:
        typer.echo(_line(key, now))
    if not page:
        typer.echo("There is no key yet; make one with `holdline key create --name N`.")
    return 0


def run_key_revoke(config: Path | None, *, key_id: int) -> int:
    """Revokes the key. The next call with it is refused."""
    try:
        _with_store(config, lambda tx: revoke_key(tx, key_id=key_id))
    except NotFound as missing:
        raise CommandFailed(
            f"there is no key {key_id} that is good now; `holdline key list` shows them all."
        ) from missing
    typer.echo(f"Key {key_id} is revoked: the next call with it is refused.")
    return 0


def _with_store(config: Path | None, use_case: Callable[[Tx], T]) -> T:
    try:
        return run_use_case(config, use_case, made="a key")
    except BadInput as wrong:
        raise CommandFailed(wrong.sentence()) from wrong


def _duration(written: str) -> timedelta:
    match = _LASTS.fullmatch(written)
    if match is None:
        raise CommandFailed(f"--expires {written} cannot be read; write hours or days, such as 12h or 90d.")
    count = int(match[1])
    return timedelta(hours=count) if match[2] == "h" else timedelta(days=count)


def _state(key: Row, now: datetime) -> str:
    if key["revoked_at"] is not None:
        return "revoked"
    return "expired" if key["expires_at"] is not None and key["expires_at"] <= now else "good"


def _line(key: Row, now: datetime) -> str:
    used = f"last used {_day(key['last_used_at'])}" if key["last_used_at"] else "never used"
    ends = f", good until {_day(key['expires_at'])}" if key["expires_at"] else ""
    what = f"{key['name']}  [{' '.join(key['scopes_json'])}]{_limits(key)}"
    return f"{key['id']:>4}  {_state(key, now):<7}  {what}  made {_day(key['created_at'])}, {used}{ends}"


def _limits(key: Row) -> str:
    limits = [f"{key[f'per_{span}']} a {span}" for span in ("minute", "day") if key[f"per_{span}"]]
    return f"  at most {', '.join(limits)}" if limits else ""


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _as_object(key: Row, now: datetime) -> dict[str, Any]:
    moments = ("created_at", "last_used_at", "expires_at", "revoked_at")
    return {
        "id": key["id"],
        "name": key["name"],
        "scopes": key["scopes_json"],
        "state": _state(key, now),
        "per_minute": key["per_minute"],
        "per_day": key["per_day"],
        **{name: key[name].isoformat().replace("+00:00", "Z") if key[name] else None for name in moments},
    }
