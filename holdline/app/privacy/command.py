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
