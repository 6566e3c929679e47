"""The options of `holdline key`."""

from typing import Annotated

import typer
from typer.exceptions import Exit

from holdline.app.options import AsJson, Config, GroupedCommands, say_examples

keys = typer.Typer(
    help="Make, list and revoke the keys with which programs call the HTTP API.",
    rich_markup_mode=None,
    cls=GroupedCommands,
)


@keys.command(
    "create",
    epilog=say_examples(
        "holdline key create --name shop",
        "holdline key create --name reports --scope read --expires 90d",
    ),
)
def key_create(
    name: Annotated[str, typer.Option(help="What the key is for.")],
    config: Config = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="What it may do: send, read, desk or admin; repeat it. Without it send, read and desk."
        ),
    ] = None,
    expires: Annotated[str | None, typer.Option(help="Good for 12h, 90d…; else until revoked.")] = None,
    *,
    per_minute: Annotated[int | None, typer.Option(help="Most messages through the gate a minute.")] = None,
    per_day: Annotated[int | None, typer.Option(help="The same for a day, in UTC.")] = None,
) -> None:
    """Print a new key once, alone on the last line; only its hash is stored."""
    from holdline.app.keys.command import run_key_create  # noqa: PLC0415

    scopes = tuple(scope or ("send", "read", "desk"))
    limits = (per_minute, per_day)
    raise Exit(run_key_create(config, name=name, scopes=scopes, expires=expires, limits=limits))


@keys.command("list", epilog=say_examples("holdline key list"))
def key_list(config: Config = None, *, as_json: AsJson = False) -> None:
    """List every key with its scopes, creation and last use, without secrets."""
    from holdline.app.keys.command import run_key_list  # noqa: PLC0415

    raise Exit(run_key_list(config, as_json=as_json))


@keys.command("revoke", epilog=say_examples("holdline key revoke 3"))
def key_revoke(
    key_id: Annotated[int, typer.Argument(metavar="ID", help="The number that `key list` shows.")],
    config: Config = None,
) -> None:
    """Revoke a key: the next call with it is refused."""
    from holdline.app.keys.command import run_key_revoke  # noqa: PLC0415

    raise Exit(run_key_revoke(config, key_id=key_id))
