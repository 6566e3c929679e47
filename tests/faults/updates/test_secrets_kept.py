"""T23: a desk that logs everything meets hostile updates, strangers and a Telegram that fails.

Its logs, pages and exports are searched: secrets at any level, names and words of people at info and above.
"""

import base64
import binascii
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from holdline.app.configuration import load_configuration
from holdline.app.open_store import open_store
from holdline.desk.people.keys import create_key
from holdline.sandbox import SEED_GROUP, SEED_MANAGERS
from tests.faults import victims
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.ledger import asked, engine_of
from tests.faults.scene import SECRET, TOKEN, Scene, scene
from tests.faults.updates.spoiler import Spoiler
from tests.faults.weather import everything
from tests.web.test_webhook_endpoint import HEADER

ADMIN = min(SEED_MANAGERS)
GUEST = 540_000_001
NAME, WORDS = "Namecanary", "Wordscanary"
PASSWORD = "password-of-the-database"
PAGES = ("metrics", "readyz", "livez", "healthz", "docs", "openapi.json", "nothing-here")


async def test_logs_pages_and_exports_contain_no_secret_and_no_message_text(
    tmp_path: Path, store_url: str
) -> None:
    size, seed = get_size("HOLDLINE_LEAKS", 30), get_seed(20_261_130)
    async with scene(tmp_path, with_password(store_url), seed=seed, webhook=True) as here:
        here.config.write_text(here.config.read_text().replace('level = "warning"', 'level = "debug"'))
        async with open_store(load_configuration(here.config)) as store:
            admin_key = await store.act(create_key, name="exports", scopes=("admin", "read"))
        key = here.http.headers["Authorization"].removeprefix("Bearer ")
        here.start(victims.poisoned)
        await here.at_work()
        here.box.customer(GUEST, first_name=NAME, last_name=NAME, username=NAME.lower())
        people_write(here, size)
        pages = await strangers_knock(here)
        here.weather.rules.append(everything(error_code=500, description=f"Internal {WORDS}"))
        here.box.says(GUEST, f"{WORDS} while Telegram fails")
        await here.until(lambda: here.weather.met.total() > 0, "a call that fails")
        here.weather.rules.clear()
        await here.until(
            lambda: not asked(here.store_url, "SELECT id FROM inbox WHERE state = 'new'"), "an end"
        )
        pages["export"] = await exported(here, admin_key)
        await here.stopped()
        await here.examined()
        logs = lines_of(tmp_path)
        found = leaks(logs, pages, [TOKEN, SECRET, PASSWORD, key, admin_key])
    report(
        Figures(
            tried=len(logs) + len(pages),
            broken=len(found),
            seed=seed,
            note=f"{size} hostile updates on {engine_of(store_url)}",
        )
    )
    assert found == []
    assert len(logs) > size / 5


def with_password(store_url: str) -> str:
    """The address of a server with a password in it, which this server does not ask for."""
    url = store_url.replace("postgres:@", f"postgres:{PASSWORD}@")
    assert engine_of(url) == "SQLite" or PASSWORD in url
    return url


def people_write(here: Scene, size: int) -> None:
    spoiler = Spoiler(here.seed)
    person = {"id": GUEST, "is_bot": False, "first_name": NAME, "username": NAME.lower()}
    around = {"message_id": 900_001, "date": 1, "chat": {"id": GUEST, "type": "private"}, "from": person}
    for words in ("hello", "poison-raises", "poison-hangs", "/start", "/help", "/nothing"):
        here.box.says(GUEST, f"{words} {WORDS}")
    for broken in ({"text": [WORDS]}, {"photo": WORDS}, {"text": WORDS, "date": WORDS}, {WORDS: NAME}):
        here.box.raw_update({"message": around | broken})
    here.box.says(ADMIN, f"/open {WORDS}", SEED_GROUP)
    here.box.says(ADMIN, f"/find {WORDS}")
    for number in range(size):
        update = spoiler.update(number)
        if isinstance(update, dict) and (sent := through_json(update)):
            sent.pop("update_id", None)
            here.box.raw_update(sent | {"note": f"{NAME} {WORDS}"})


def through_json(update: dict[str, Any]) -> dict[str, Any] | None:
    """What a server can send of it: None if it is nested too deeply for Python's encoder."""
    try:
        return dict(json.loads(json.dumps(update)))
    except RecursionError:
        return None


async def strangers_knock(here: Scene) -> dict[str, str]:
    """Wrong secrets, wrong keys and broken bodies with canaries in them. Returns what they were shown."""
    shown = {}
    async with aiohttp.ClientSession() as stranger:
        for page in PAGES:
            async with stranger.get(f"{here.api}/{page}?token={quote(TOKEN)}") as answer:
                shown[page] = await answer.text()
        endpoint = f"{here.api}/hook"
        for head in ({}, {HEADER: "wrong"}, {HEADER: SECRET}):
            async with stranger.post(
                f"{endpoint}?secret={SECRET}", data=f"{{{WORDS} {NAME}", headers=head
            ) as answer:
                shown[f"endpoint {head.get(HEADER)}"] = await answer.text()
    for path, body in (
        ("outbound", {"customer": {"telegram_id": GUEST}, "class": WORDS, "text": WORDS}),
        ("dialogs", {"customer_id": 10**9, "title": WORDS, "manager_telegram_id": ADMIN}),
        (f"customers/{WORDS}/messages", {"text": WORDS}),
    ):
        async with here.http.post(f"{here.api}/api/v1/{path}", json=body) as answer:
            assert answer.status >= 400
    return shown


async def exported(here: Scene, key: str) -> str:
    """What is handed out about the customer; the customer's own name and words belong to it."""
    found = await here.ask("GET", f"customers?telegram_id={GUEST}")
    address = f"{here.api}/api/v1/customers/{found['items'][0]['id']}/export"
    async with here.http.get(address, headers={"Authorization": f"Bearer {key}"}) as answer:
        assert answer.status == 200, await answer.text()
        with zipfile.ZipFile(io.BytesIO(await answer.read())) as handed_out:
            return "\n".join(handed_out.read(name).decode(errors="replace") for name in handed_out.namelist())


def lines_of(folder: Path) -> list[str]:
    """Everything that the desk and its commands have logged or printed."""
    return [line for log in folder.glob("*.log") for line in log.read_text(errors="replace").splitlines()]


def leaks(logs: list[str], pages: dict[str, str], secrets: list[str]) -> list[str]:
    found = []
    hidden = [form for secret in secrets for form in forms(secret)]
    personal = [form for word in (NAME, WORDS) for form in forms(word)]
    for line in logs:
        found += [f"log: {line[:300]}" for form in hidden if form in line]
        if level_of(line) != "debug":
            found += [f"log: {line[:300]}" for form in personal if form in line]
    for page, text in pages.items():
        found += [f"{page}: {form}" for form in hidden if form in text]
        if page != "export":
            found += [f"{page}: {form}" for form in personal if form in text]
    return found


def level_of(line: str) -> str:
    """A line that is no JSON counts as the most important one."""
    try:
        row: Any = json.loads(line)
    except ValueError:
        return "critical"
    return str(row.get("level", "critical")) if isinstance(row, dict) else "critical"


def forms(word: str) -> set[str]:
    """The word as it is, and as an address, base64 at each offset, hexadecimal and JSON would show it."""
    raw = word.encode()
    shifted = [base64.b64encode(b"x" * shift + raw).decode()[4:-4] for shift in range(3)]
    return {
        word,
        quote(word, safe=""),
        quote(quote(word, safe=""), safe=""),
        binascii.hexlify(raw).decode(),
        *shifted,
    }
