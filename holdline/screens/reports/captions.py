"""A report as text: the caption of its picture, also sent alone if no picture can be made."""

from holdline.dialogs.reports.kinds import DeskReport, Figures, ReportKind
from holdline.dialogs.text.limits import CAPTION_LIMIT
from holdline.dialogs.text.splitting import inline, truncate
from holdline.screens.reports.words import (
    LINES,
    NONE,
    format_number,
    format_seconds,
    outcome_name,
    period_of,
    person_name,
    reason_name,
    scope_words,
    title_of,
)
from holdline.texts import say

_OF_ENDS = (ReportKind.TIMES, ReportKind.SATISFACTION, ReportKind.GATE)


def caption_of(report: DeskReport, language: str) -> str:
    """The title, the period, and as many figures as fit."""
    period = period_of(report.scope, zone=report.zone, language=language)
    lines = [
        f"📊 {title_of(report.kind, language)}",
        " · ".join([period, *scope_words(report.scope, language)]),
        "",
        *_LINES[report.kind](report.figures, language),
    ]
    if report.kind is ReportKind.TIMES:
        lines += ["", *_say_working_time(report, language)]
    if report.kind in _OF_ENDS:
        lines += ["", say("reports.rule", language)]
    return truncate("\n".join(lines), CAPTION_LIMIT)


def _share(value: float | None, language: str) -> str:
    return NONE if value is None else f"{format_number(value, language)} %"


def _mean(value: float | None, language: str) -> str:
    return NONE if value is None else format_number(value, language)


def _dialogs(figures: Figures, language: str) -> list[str]:
    return [say("reports.line_dialogs", language, **figures)]


def _times(figures: Figures, language: str) -> list[str]:
    lines = []
    for clock, of in figures.items():
        name = say(f"reports.{clock}", language)
        values = {each: format_seconds(of[each], language) for each in ("median", "mean", "p90")}
        key = "line_time" if of["count"] else "line_no_time"
        lines.append(say(f"reports.{key}", language, name=name, count=of["count"], **values))
    return lines


def _say_working_time(report: DeskReport, language: str) -> list[str]:
    """The same times in the desk's working time. If the desk has no calendar, how to create one."""
    if report.working is None:
        return [say("reports.no_calendar", language)]
    return [say("reports.working_time", language), *_times(report.working, language)]


def _satisfaction(figures: Figures, language: str) -> list[str]:
    ours = figures["customer_score"]
    shown = {
        "sent": figures["sent"],
        "answers": figures["answers"],
        "response_rate": _share(figures["response_rate"], language),
        "score": _share(figures["score"], language),
        "mean": _mean(figures["mean"], language),
        "customer_score": _mean(ours["mean"], language),
        "customer_count": ours["count"],
    }
    return [say("reports.line_satisfaction", language, **shown)]


def _sla(figures: Figures, language: str) -> list[str]:
    return [
        say(
            "reports.line_sla",
            language,
            name=say(f"reports.{clock}", language),
            met=of["met"],
            breached=of["breached"],
            kept=_share(of["kept"], language),
        )
        for clock, of in figures.items()
    ]


def _gate(figures: Figures, language: str) -> list[str]:
    median = format_seconds(figures["median_hold"], language)
    held = {name: value for name, value in figures.items() if name != "smart_replies"}
    return [
        say("reports.line_gate", language, **{**held, "median_hold": median}),
        say("reports.line_smart_replies", language, **figures["smart_replies"]),
    ]


def _managers(figures: Figures, language: str) -> list[str]:
    lines = [
        say("reports.line_manager", language, **{**item, "name": person_name(item, language)})
        for item in figures["items"][:LINES]
    ]
    return _cut(lines, len(figures["items"]), language)


def _tags(figures: Figures, language: str) -> list[str]:
    lines = [
        say("reports.line_tag", language, tag=inline(item["tag"]), dialogs=item["dialogs"])
        for item in figures["items"][:LINES]
    ]
    return _cut(lines, len(figures["items"]), language)


def _outcomes(figures: Figures, language: str) -> list[str]:
    lines = [
        say(
            "reports.line_outcome",
            language,
            reason=reason_name(item, language),
            outcome=outcome_name(item, language),
            dialogs=item["dialogs"],
        )
        for item in figures["items"][:LINES]
    ]
    return _cut(lines, len(figures["items"]), language)


def _cut(lines: list[str], total: int, language: str) -> list[str]:
    if not lines:
        return [say("reports.nothing", language)]
    return lines if total <= LINES else [*lines, say("reports.more", language, count=total - LINES)]


_LINES = {
    ReportKind.DIALOGS: _dialogs,
    ReportKind.TIMES: _times,
    ReportKind.SATISFACTION: _satisfaction,
    ReportKind.SLA: _sla,
    ReportKind.GATE: _gate,
    ReportKind.MANAGERS: _managers,
    ReportKind.TAGS: _tags,
    ReportKind.OUTCOMES: _outcomes,
}
