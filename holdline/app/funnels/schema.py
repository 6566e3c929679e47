"""`holdline funnel schema`."""

import json

import typer

from holdline.dialogs.funnels.schema import funnel_schema


def run_funnel_schema() -> int:
    typer.echo(json.dumps(funnel_schema(), indent=1))
    return 0
