"""The chart of a report as a Vega-Lite description, for the width of a phone, light or dark."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from holdline.dialogs.reports.kinds import DayCount, DeskReport, ReportKind
from holdline.screens.reports import words
from holdline.texts import say

WIDTH, WIDTH_BESIDE_NAMES = 330, 250
"""Width of the plot in points. With its axis it is as wide as a phone."""
MOST_DAYS, MOST_WEEKS = 31, 18
"""The most bars that remain readable. With more days, weeks are shown; with more weeks, months."""
_THEMES = {
    "light": {"back": "#ffffff", "text": "#1f2933", "soft": "#5b6672", "grid": "#e4e8ec"},
    "dark": {"back": "#17212b", "text": "#f0f3f6", "soft": "#a9b6c3", "grid": "#2b3947"},
}
_COLOURS = {
    "light": ["#2f7ed8", "#2fa36b", "#e08e2b", "#c94f4f"],
    "dark": ["#5aa5f5", "#55c993", "#f0ab56", "#ec7b7b"],
}
Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """The appearance of a picture. `theme` is light or dark."""

    title: str
    period: str
    language: str
    theme: str = "light"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a group, in the colour of its series, with `text` at its end."""

    group: str
    series: str
    value: float
    text: str


def chart_of(report: DeskReport, *, look: Look) -> Spec:
    """Only the report of dialogs has a chart by day."""
    if report.kind is ReportKind.DIALOGS:
        layers = _draw_days(report.days, look)
    else:
        bars, axis = _BARS[report.kind](report, look.language)
        layers = _draw_bars(bars, axis) if any(bar.value for bar in bars) else None
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {"text": look.title, "subtitle": look.period},
        "width": WIDTH,
        "config": _config(look.theme),
        **(layers or _say_nothing(look)),
    }


def _say_nothing(look: Look) -> Spec:
    text = say("reports.nothing", look.language)
    mark = {"type": "text", "fontSize": 16, "color": _THEMES[look.theme]["soft"], "text": text}
    return {"height": 120, "data": {"values": [{}]}, "mark": mark, "view": {"stroke": None}}


def _draw_days(days: list[DayCount], look: Look) -> Spec | None:
    """Two bars per day, or per week or month if there are many days."""
    if not any(day.opened or day.closed for day in days):
        return None
    step = _step_of(len(days))
    names = [say("reports.opened", look.language), say("reports.closed", look.language)]
    sums: dict[tuple[str, str], int] = {}
    for each in days:
        place = _first_of(step, each.day).isoformat()
        for name, value in zip(names, (each.opened, each.closed), strict=True):
            sums[place, name] = sums.get((place, name), 0) + value
    values = [{"day": day, "series": name, "value": value} for (day, name), value in sums.items()]
    return {
        "height": 210,
        "data": {"values": values},
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            "x": _days_axis(sorted({day for day, _ in sums}), step, look.language),
            "xOffset": {"field": "series", "sort": names},
            "y": _count_axis(say("reports.axis_dialogs", look.language)),
            "color": _colour(names),
        },
    }


def _step_of(days: int) -> str:
    if days <= MOST_DAYS:
        return "day"
    return "week" if days <= 7 * MOST_WEEKS else "month"


def _first_of(step: str, day: date) -> date:
    """The day that represents the bar: the day itself, its Monday, or the first of its month."""
    if step == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step == "week" else day


def _days_axis(days: list[str], step: str, language: str) -> Spec:
    """About seven labels. `days` are the first days of the bars."""
    shown = days[:: max(1, -(-len(days) // 7))]
    month = "slice(datum.value, 5, 7)"
    label = (
        f"{month} + '.' + slice(datum.value, 0, 4)"
        if step == "month"
        else f"slice(datum.value, 8) + '.' + {month}"
    )
    axis = {"values": shown, "labelExpr": label, "labelAngle": 0, "grid": False, "labelOverlap": True}
    title = say(f"reports.axis_{step}", language)
    return {
        "field": "day",
        "type": "ordinal",
        "axis": {**axis, "title": title},
        "scale": {"paddingInner": 0.2},
    }


def _draw_bars(bars: list[Bar], title: str) -> Spec:
    """Horizontal bars with the value at the end. A group has one bar per series."""
    groups, series = (list(dict.fromkeys(getattr(bar, name) for bar in bars)) for name in ("group", "series"))
    several = len(series) > 1
    values = [
        {"group": bar.group, "series": bar.series, "value": bar.value, "text": bar.text} for bar in bars
    ]
    room = 1.22 * max(bar.value for bar in bars)
    y = {
        "field": "group",
        "type": "nominal",
        "sort": groups,
        "axis": {"title": None, "labelLimit": 125, "labelPadding": 7, "ticks": False, "domain": False},
    }
    shared: Spec = {"y": y, "x": {**_count_axis(title), "scale": {"domainMax": room, "domainMin": 0}}}
    if several:
        shared["yOffset"] = {"field": "series", "sort": series}
    drawn = {
        "mark": {"type": "bar", "cornerRadiusEnd": 3},
        "encoding": {"color": _colour(series)} if several else {},
    }
    labels = {
        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 12},
        "encoding": {"text": {"field": "text"}},
    }
    height = max(90, len(groups) * (22 * len(series) + 14))
    size = {"width": WIDTH_BESIDE_NAMES, "height": height}
    return {**size, "data": {"values": values}, "encoding": shared, "layer": [drawn, labels]}


def _count_axis(title: str) -> Spec:
    """Whole numbers only, with few grid lines."""
    axis = {"title": title, "tickCount": 5, "tickMinStep": 1, "format": "~r"}
    return {"field": "value", "type": "quantitative", "axis": axis}


def _colour(names: list[str]) -> Spec:
    legend = {"title": None, "orient": "bottom", "direction": "horizontal", "columns": 2, "labelLimit": 240}
    return {"field": "series", "type": "nominal", "sort": names, "scale": {"domain": names}, "legend": legend}


def _config(theme: str) -> Spec:
    colours = _THEMES[theme]
    soft = {"labelColor": colours["soft"], "titleColor": colours["soft"]}
    return {
        "background": colours["back"],
        "padding": 14,
        "font": "Liberation Sans",
        "view": {"stroke": None},
        "range": {"category": _COLOURS[theme]},
        "bar": {"color": _COLOURS[theme][0]},
        "text": {"color": colours["text"]},
        "axis": {
            **soft,
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "titlePadding": 8,
            "gridColor": colours["grid"],
            "domainColor": colours["grid"],
            "tickColor": colours["grid"],
        },
        "legend": {"labelColor": colours["text"], "labelFontSize": 14, "symbolType": "square"},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": colours["text"],
            "fontSize": 19,
            "subtitleColor": colours["soft"],
            "subtitleFontSize": 14,
            "subtitlePadding": 5,
            "offset": 14,
        },
    }


def _time_bars(report: DeskReport, language: str) -> tuple[list[Bar], str]:
    """If the desk has a calendar, working time is shown beside calendar time."""
    kinds = [("", report.figures), *([("_working", report.working)] if report.working else [])]
    longest = max((of["p90"] or 0 for _, figures in kinds for of in figures.values()), default=0)
    unit, size = words.unit_of(longest)
    bars = [
        Bar(
            say(f"reports.{clock}", language),
            say(f"reports.{name}{ending}", language),
            figures[clock][name] / size,
            words.format_seconds(figures[clock][name], language),
        )
        for clock in report.figures
        if report.figures[clock]["count"]
        for name in ("median", "p90")
        for ending, figures in kinds
    ]
    return bars, say(f"reports.axis_{unit}", language)


def _rating_bars(report: DeskReport, language: str) -> tuple[list[Bar], str]:
    name = say("reports.answers", language)
    bars = [
        Bar(
            say(f"reports.stars_{stars}", language),
            name,
            share or 0,
            f"{words.format_number(share or 0, language)} %",
        )
        for stars, share in reversed(report.figures["shares"].items())
    ]
    return bars, say("reports.axis_share", language)


def _sla_bars(report: DeskReport, language: str) -> tuple[list[Bar], str]:
    bars = [
        Bar(say(f"reports.{clock}", language), say(f"reports.{name}", language), of[name], str(of[name]))
        for clock, of in report.figures.items()
        for name in ("met", "breached")
    ]
    return bars, say("reports.axis_clocks", language)


def _gate_bars(report: DeskReport, language: str) -> tuple[list[Bar], str]:
    title = say("reports.axis_messages", language)
    names = ("held", "released", "expired", "dropped")
    return [
        Bar(say(f"reports.{name}", language), title, report.figures[name], str(report.figures[name]))
        for name in names
    ], title


def _people_bars(report: DeskReport, language: str) -> tuple[list[Bar], str]:
    bars = [
        Bar(words.person_name(item, language), say(f"reports.{name}", language), item[name], str(item[name]))
        for item in report.figures["items"][: words.LINES]
        for name in ("replies", "closed")
    ]
    return bars, say("reports.axis_people", language)


def _tag_bars(report: DeskReport, language: str) -> tuple[list[Bar], str]:
    title = say("reports.axis_dialogs", language)
    items = report.figures["items"][: words.LINES]
    return [Bar(item["tag"], title, item["dialogs"], str(item["dialogs"])) for item in items], title


def _outcome_bars(report: DeskReport, language: str) -> tuple[list[Bar], str]:
    bars = [
        Bar(
            words.reason_name(item, language),
            words.outcome_name(item, language),
            item["dialogs"],
            str(item["dialogs"]),
        )
        for item in report.figures["items"][: words.LINES]
    ]
    return bars, say("reports.axis_dialogs", language)


_BARS = {
    ReportKind.TIMES: _time_bars,
    ReportKind.SATISFACTION: _rating_bars,
    ReportKind.SLA: _sla_bars,
    ReportKind.GATE: _gate_bars,
    ReportKind.MANAGERS: _people_bars,
    ReportKind.TAGS: _tag_bars,
    ReportKind.OUTCOMES: _outcome_bars,
}
