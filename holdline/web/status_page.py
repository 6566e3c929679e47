"""The status page for the people who operate the desk: figures only, without names or messages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from importlib.metadata import version

from babel.dates import format_timedelta

from holdline.texts import say
from holdline.web.metrics import MetricsSnapshot

REFRESH_SECONDS = 10
_STYLE = """:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem } h1 { font-size: 1.25rem }
table { border-collapse: collapse; width: 100% } th, td { border-bottom: 1px solid #8885; padding: .4rem 0 }
th { text-align: left; font-weight: normal } td { text-align: right; font-variant-numeric: tabular-nums }"""


def status_page(
    snapshot: MetricsSnapshot | None,
    *,
    reasons: Sequence[str],
    notes: Sequence[str],
    memory: float | None,
    language: str,
    at: datetime,
) -> str:
    """One HTML document. `snapshot` is None if the store does not answer; `memory` is in bytes."""
    head = say("status.unwell" if reasons else "status.well", language)
    noted = f"<p>{_label('notes', language)}</p>{_list(notes)}" if notes else ""
    figures = _figures(snapshot, language, at) if snapshot else f"<p>{_label('store_away', language)}</p>"
    return f"""<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="{REFRESH_SECONDS}"><title>{_label("title", language)}</title>
<style>{_STYLE}</style></head>
<body><main><h1>{escape(head)}</h1>{_list(reasons)}{noted}{figures}
<table>{_process(memory, language)}</table><p><small>{_label("foot", language)}</small></p></main></body>
</html>
"""


def _figures(snapshot: MetricsSnapshot, language: str, at: datetime) -> str:
    queued = sum(count for (_, status), count in snapshot.unsent.items() if status != "parked")
    parked = sum(count for (_, status), count in snapshot.unsent.items() if status == "parked")
    latest = max(snapshot.due_ages.values(), default=0.0)
    rows = {
        "customers_waiting": _oldest(snapshot.inbox_items, snapshot.inbox_items_age, language),
        "customer_wrote": _ago(snapshot.last_talk_at.get("in"), at, language),
        "customer_told": _ago(snapshot.last_talk_at.get("out"), at, language),
        "dialogs_active": str(snapshot.dialogs.get(("active",), 0)),
        "dialogs_paused": str(snapshot.dialogs.get(("paused",), 0)),
        "updates_waiting": _oldest(snapshot.updates, snapshot.updates_age, language),
        "updates_quarantined": str(snapshot.quarantined),
        "messages_waiting": _oldest(queued - snapshot.held, latest, language),
        "messages_parked": str(parked),
        "marketing_held": str(snapshot.held),
        "pace": f"{snapshot.pace:g}" if snapshot.pace else say("status.no_limit", language),
    }
    return f"<table>{''.join(_row(name, value, language) for name, value in rows.items())}</table>"


def _process(memory: float | None, language: str) -> str:
    megabytes = say("status.megabytes", language, count=round(memory / 2**20)) if memory else "—"
    return _row("memory", megabytes, language) + _row("version", version("holdline"), language)


def _row(name: str, value: str, language: str) -> str:
    return f'<tr><th scope="row">{_label(name, language)}</th><td>{escape(value)}</td></tr>\n'


def _list(sentences: Sequence[str]) -> str:
    """The sentences are in English, as in /readyz."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f'<ul lang="en">{items}</ul>' if items else ""


def _oldest(count: int, age: float, language: str) -> str:
    """“3, the longest for 5 minutes”, or only the count if nothing waits."""
    if count <= 0 or age < 1:
        return str(max(0, count))
    return say("status.oldest", language, count=count, span=_span(age, language))


def _ago(moment: datetime | None, at: datetime, language: str) -> str:
    if moment is None:
        return say("status.never", language)
    return say("status.ago", language, span=_span((at - moment).total_seconds(), language))


def _span(seconds: float, language: str) -> str:
    return format_timedelta(timedelta(seconds=max(1, round(seconds))), threshold=1.5, locale=language)


def _label(name: str, language: str) -> str:
    return escape(say(f"status.{name}", language))
