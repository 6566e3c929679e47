"""Commands about what is stored of customers. Each imports its modules when it runs."""

from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Exit

from holdline.app.options import Config

Customer = Annotated[
    str, typer.Argument(metavar="CUSTOMER", help="Our id, such as 12, or telegram:510000001, or @name.")
]


def export(
    customer: Customer,
    to: Annotated[
        Path | None, typer.Option("--to", help="The new ZIP file; else customer-ID.zip in this folder.")
    ] = None,
    config: Config = None,
    *,
    with_notes: Annotated[
        bool, typer.Option("--with-notes", help="Managers' notes and drafts, too. Read them first.")
    ] = False,
    files: Annotated[
        bool, typer.Option("--files", help="Download photos and other files that Telegram still has.")
    ] = False,
    megabytes: Annotated[
        int, typer.Option("--megabytes", min=1, help="The most that --files downloads.")
    ] = 1000,
) -> None:
    """Write everything stored about a customer into one ZIP file: JSON, the conversation to read, files."""
    from holdline.app.privacy.export import ExportOrder, run_export  # noqa: PLC0415

    order = ExportOrder(customer, to, with_notes=with_notes, megabytes=megabytes if files else 0)
    raise Exit(run_export(config, order))


def erase(
    customer: Customer,
    config: Config = None,
    *,
    sure: Annotated[
        list[bool] | None,
        typer.Option("--yes/--dry-run", help="Do not ask; or only say what would be erased."),
    ] = None,
    prove: Annotated[
        bool, typer.Option("--prove", help="Afterwards search everything that is left for their values.")
    ] = False,
    keep_copies: Annotated[
        bool, typer.Option("--keep-copies", help="Leave messages at Telegram; needs no running desk.")
    ] = False,
    also_in: Annotated[
        list[Path] | None,
        typer.Option("--also-in", help="With --prove: a log file or a folder of backups; repeat it."),
    ] = None,
) -> None:
    """Erase everything that says who a customer is and what they wrote. It cannot be undone."""
    from holdline.app.privacy.erase import EraseOrder, run_erase  # noqa: PLC0415

    answers = sure or []
    order = EraseOrder(customer, True in answers, False in answers, prove, keep_copies, tuple(also_in or ()))
    raise Exit(run_erase(config, order))


def retention(
    config: Config = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Empty technical copies that are older than [retention] keeps them; the running desk does it by itself."""
    from holdline.app.privacy.retention import run_retention  # noqa: PLC0415

    raise Exit(run_retention(config, dry_run=dry_run))
