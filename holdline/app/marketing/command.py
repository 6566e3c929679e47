"""Commands about marketing. Each imports its modules when it runs."""

from typer.exceptions import Exit

from holdline.app.options import AsJson, Config


def show_held(config: Config = None, *, as_json: AsJson = False) -> None:
    """List the customers for whom marketing waits until a dialog ends, longest wait first."""
    from holdline.app.marketing.held import run_held  # noqa: PLC0415

    raise Exit(run_held(config, as_json=as_json))
