"""The commands about marketing; each imports what it needs when it runs."""

from typer.exceptions import Exit

from holdline.app.options import AsJson, Config


def show_held(config: Config = None, *, as_json: AsJson = False) -> None:
    """Show everybody for whom marketing waits until a dialog ends, whose message waits longest first."""
    from holdline.app.marketing.held import run_held  # noqa: PLC0415

    raise Exit(run_held(config, as_json=as_json))
