"""The API for people, at /docs: every call, and nothing from outside."""

import json
import re
import shlex
from html import unescape

from tests.web.conftest import Api


async def test_every_call_is_there_with_a_command_that_can_be_pasted(api: Api) -> None:
    document = await api.get("/openapi.json")
    answer = await api.call("GET", "http://desk.test/docs", headers={"Authorization": ""})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    page = answer.text
    assert not re.search(r'<(script|link|img|iframe)|src=|href="(?![#/])', page)
    commands = [unescape(text) for text in re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)]
    calls = [
        (method, path, call)
        for path, methods in document["paths"].items()
        for method, call in methods.items()
    ]
    assert len(commands) == len(calls)
    for command in commands:
        words = shlex.split(command.replace("\\\n", " "))
        assert words[0] == "curl"
        if "-d" in words:
            json.loads(words[words.index("-d") + 1])


async def test_operations_have_names_of_their_own(api: Api) -> None:
    document = await api.get("/openapi.json")
    names = [call["operationId"] for calls in document["paths"].values() for call in calls.values()]
    assert len(names) == len(set(names))
    assert {"send_marketing_message", "list_outbound", "add_webhook", "read_outbound"} <= set(names)
    assert not [name for name in names if "api_v1" in name]
