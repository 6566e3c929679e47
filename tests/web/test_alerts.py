"""The shipped alert rules and dashboard: valid PromQL over metrics that /metrics of a real desk prints."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest

from tests.web.conftest import Api

FOLDER = Path(__file__).parents[2] / "examples" / "monitoring"
RULES = (FOLDER / "alerts.yaml").read_text(encoding="utf-8")
DASHBOARD = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
OF_RULES = re.findall(r"^\s*expr: (.+)$", RULES, flags=re.MULTILINE)
OF_PANELS = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]
EXPRESSIONS = [*OF_RULES, *OF_PANELS]
OF_COUNTERS = ("increase", "rate", "irate", "resets")
OF_GAUGES = ("delta", "idelta", "deriv", "predict_linear")
FROM_PROMETHEUS = {"job", "instance"}
"""Labels that Prometheus adds to whatever it scrapes."""
ITS_OWN = {"up"}
PARTS = ("lhs", "rhs", "expr", "args", "vector_selector")


def nodes(node: Any) -> Iterator[Any]:
    """The whole tree of an expression."""
    yield node
    for part in PARTS:
        inner = getattr(node, part, None) or []
        for each in inner if isinstance(inner, list) else [inner]:
            yield from nodes(each)


def tree(expression: str) -> list[Any]:
    return list(nodes(promql_parser.parse(expression.replace("$job", "holdline"))))


def selectors(expression: str) -> list[Any]:
    return [node for node in tree(expression) if isinstance(node, promql_parser.VectorSelector)]


@pytest.fixture
async def exposition(api: Api) -> str:
    await api.client.get("http://desk.test/healthz")
    return (await api.client.get("http://desk.test/metrics")).text


def samples(exposition: str) -> dict[str, list[dict[str, str]]]:
    """Each printed series by its name: its labels."""
    found: dict[str, list[dict[str, str]]] = {}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? \S+$", exposition, flags=re.MULTILINE):
        found.setdefault(name, []).append(dict(re.findall(r'(\w+)="([^"]*)"', labels)))
    return found


def types_of(exposition: str) -> dict[str, str]:
    return dict(re.findall(r"^# TYPE (\S+) (\S+)$", exposition, flags=re.MULTILINE))


def test_every_alert_rule_and_panel_is_valid_promql() -> None:
    assert len(OF_RULES) == RULES.count("- alert:") > 8
    shown = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
    assert len(OF_PANELS) >= len(shown) > 15
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    boxes = [tuple(panel["gridPos"][side] for side in "xywh") for panel in DASHBOARD["panels"]]
    assert [box for box in boxes if box[0] + box[2] > 24] == [] and len(set(boxes)) == len(boxes)


@pytest.mark.row("O-07")
async def test_every_metric_and_label_is_printed(exposition: str) -> None:
    printed = samples(exposition)
    for expression in EXPRESSIONS:
        for selector in selectors(expression):
            if selector.name in ITS_OWN:
                continue
            assert selector.name in printed, expression
            wanted = {m.name: m for m in selector.matchers.matchers if m.name not in FROM_PROMETHEUS}
            fitting = [
                labels
                for labels in printed[selector.name]
                if all(name in labels and re.fullmatch(m.value, labels[name]) for name, m in wanted.items())
            ]
            assert fitting, f"{expression}: no series has {list(wanted)}"


async def test_every_label_that_a_legend_names_is_there(exposition: str) -> None:
    printed = samples(exposition)
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", []):
            names = {selector.name for selector in selectors(target["expr"])}
            labels = set().union(*(set(series) for name in names for series in printed[name]))
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= labels, panel["title"]


async def test_counter_functions_are_applied_only_to_counters(exposition: str) -> None:
    types = types_of(exposition)
    for expression in EXPRESSIONS:
        for node in tree(expression):
            if not isinstance(node, promql_parser.Call):
                continue
            for selector in [one for one in nodes(node) if isinstance(one, promql_parser.VectorSelector)]:
                kind = types.get(selector.name) or types[selector.name.removesuffix("_bucket")]
                if node.func.name in OF_COUNTERS:
                    assert kind in ("counter", "histogram"), expression
                if node.func.name in OF_GAUGES:
                    assert kind == "gauge", expression


async def test_the_dashboard_shows_every_metric_of_ours(exposition: str) -> None:
    ours = {
        name
        for name, kind in types_of(exposition).items()
        if name.startswith("holdline_") and kind == "gauge" and not name.endswith("_created")
    }
    shown = {selector.name for expression in OF_PANELS for selector in selectors(expression)}
    waiting = {"holdline_updates_waiting"}  # its age says more
    assert ours - shown - waiting == set()
