"""The alert rules that we hand out: they name what /metrics prints, and use each metric as what it is."""

import re
from pathlib import Path

import pytest

from tests.web.conftest import Api

RULES = (Path(__file__).parents[2] / "examples" / "monitoring" / "alerts.yaml").read_text(encoding="utf-8")
EXPRESSIONS = re.findall(r"^\s*expr: (.+)$", RULES, flags=re.MULTILINE)
OF_COUNTERS = ("increase", "rate", "irate", "resets")
OF_GAUGES = ("delta", "idelta", "deriv", "predict_linear")


@pytest.fixture
async def exposition(api: Api) -> str:
    return (await api.client.get("http://desk.test/metrics")).text


def types_of(exposition: str) -> dict[str, str]:
    return dict(re.findall(r"^# TYPE (\S+) (\S+)$", exposition, flags=re.MULTILINE))


async def test_every_metric_of_the_rules_is_printed(exposition: str) -> None:
    named = {name for rule in EXPRESSIONS for name in re.findall(r"\bholdline_\w+", rule)}
    assert len(EXPRESSIONS) == RULES.count("- alert:") and named
    assert named - types_of(exposition).keys() == set()


async def test_every_label_of_the_rules_is_printed(exposition: str) -> None:
    for rule in EXPRESSIONS:
        for name, labels in re.findall(r"\b(holdline_\w+)\{([^}]*)\}", rule):
            for label in labels.split(","):
                assert re.search(rf"^{name}\{{.*{re.escape(label.strip())}", exposition, re.MULTILINE), rule


async def test_functions_of_counters_are_used_on_counters_alone(exposition: str) -> None:
    types = types_of(exposition)
    for rule in EXPRESSIONS:
        for function, name in re.findall(r"\b(\w+)\((holdline_\w+)", rule):
            if function in OF_COUNTERS:
                assert types[name] == "counter", rule
            if function in OF_GAUGES:
                assert types[name] == "gauge", rule
