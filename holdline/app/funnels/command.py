"""`holdline funnel …`: what the command line calls."""

from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Exit

from holdline.app.options import AsJson, Config, GroupedCommands, say_examples

funnels = typer.Typer(
    help="Check, load and look at funnels, which send messages in a sequence.",
    rich_markup_mode=None,
    cls=GroupedCommands,
)
FunnelFile = Annotated[Path, typer.Argument(metavar="FILE", help="A funnel, in TOML or JSON.")]
FunnelName = Annotated[str, typer.Argument(metavar="NAME", help="As `holdline funnel list` shows it.")]
OfVersion = Annotated[int | None, typer.Option(min=1, help="Of that version; else of the newest.")]
Language = Annotated[str, typer.Option(help="Of what is said: en, ru or pl.")]


@funnels.command("check", epilog=say_examples("holdline funnel check promo.toml"))
def funnel_check(file: FunnelFile, language: Language = "en") -> None:
    """Read a funnel's file and report each mistake with its place and the correction."""
    from holdline.app.funnels.check import run_funnel_check  # noqa: PLC0415

    raise Exit(run_funnel_check(file, language=language))


@funnels.command(
    "dry-run",
    epilog=say_examples(
        "holdline funnel dry-run promo.toml",
        'holdline funnel dry-run promo.toml --tag vip --says yes --start "2026-12-01 09:00 Europe/Warsaw"',
    ),
)
def funnel_dry_run(  # noqa: PLR0917 - options of a command, by name
    file: FunnelFile,
    tag: Annotated[list[str] | None, typer.Option(help="A tag that the customer has; repeat it.")] = None,
    field: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A field of the customer; repeat it.")
    ] = None,
    says: Annotated[
        list[str] | None,
        typer.Option(
            help="What they answer to a question, or the button that they press; branch:NAME takes that branch of a "
            "split. Repeat it."
        ),
    ] = None,
    language: Annotated[str, typer.Option(help="Of the customer: en, ru or pl.")] = "en",
    start: Annotated[
        str, typer.Option(help="When and where they enter, such as '2026-12-01 09:00 Europe/Warsaw'.")
    ] = "UTC",
) -> None:
    """Print what a customer would get and when, without a database and without waiting."""
    from holdline.app.funnels.dry_run import run_funnel_dry_run  # noqa: PLC0415

    profile = {"tags": tag or [], "fields": field or [], "says": says or [], "language": language}
    raise Exit(run_funnel_dry_run(file, profile, start=start))


@funnels.command("picture", epilog=say_examples("holdline funnel picture promo.toml --to promo.svg"))
def funnel_picture(
    file: FunnelFile,
    to: Annotated[Path, typer.Option("--to", help="The new file; .svg, or .png with the extra `reports`.")],
    theme: Annotated[str, typer.Option(help="light or dark.")] = "light",
    language: Language = "en",
) -> None:
    """Draw a funnel as a graph: its steps and the transitions between them."""
    from holdline.app.funnels.picture import run_funnel_picture  # noqa: PLC0415

    raise Exit(run_funnel_picture(file, to=to, theme=theme, language=language))


@funnels.command("schema", epilog=say_examples("holdline funnel schema > funnel.schema.json"))
def funnel_schema() -> None:
    """Print the JSON schema of a funnel, which helps an editor to complete and check it."""
    from holdline.app.funnels.schema import run_funnel_schema  # noqa: PLC0415

    raise Exit(run_funnel_schema())


@funnels.command("load", epilog=say_examples("holdline funnel load promo.toml welcome.toml"))
def funnel_load(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Funnels, in TOML or JSON.")],
    config: Config = None,
    language: Language = "en",
) -> None:
    """Store funnels in the desk; an existing one gets a new version if it has changed."""
    from holdline.app.funnels.kept import run_funnel_load  # noqa: PLC0415

    raise Exit(run_funnel_load(config, files, language=language))


@funnels.command("list", epilog=say_examples("holdline funnel list"))
def funnel_list(config: Config = None, *, as_json: AsJson = False) -> None:
    """List the desk's funnels, with the number of customers in each."""
    from holdline.app.funnels.kept import run_funnel_list  # noqa: PLC0415

    raise Exit(run_funnel_list(config, as_json=as_json))


@funnels.command(
    "show", epilog=say_examples("holdline funnel show promo", "holdline funnel show promo --version 2")
)
def funnel_show(name: FunnelName, config: Config = None, *, version: OfVersion = None) -> None:
    """Show how far customers have come in a funnel, step by step."""
    from holdline.app.funnels.kept import run_funnel_show  # noqa: PLC0415

    raise Exit(run_funnel_show(config, name, version=version))


@funnels.command("delete", epilog=say_examples("holdline funnel delete promo"))
def funnel_delete(name: FunnelName, config: Config = None) -> None:
    """Delete a funnel that nobody is in; what has happened in it stays in the customers' history."""
    from holdline.app.funnels.kept import run_funnel_delete  # noqa: PLC0415

    raise Exit(run_funnel_delete(config, name))


@funnels.command("export", epilog=say_examples("holdline funnel export promo > promo.toml"))
def funnel_export(
    name: FunnelName, config: Config = None, *, version: OfVersion = None, as_json: AsJson = False
) -> None:
    """Print a funnel's definition, in a form that can be loaded again."""
    from holdline.app.funnels.kept import run_funnel_export  # noqa: PLC0415

    raise Exit(run_funnel_export(config, name, as_json=as_json, version=version))
