"""The real demo in a process of its own, and a real browser before it."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright

from tests.app.desk_process import ROOT, free_port

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 40_000


@dataclass
class Visit:
    """One visitor's page; what a browser would complain about is kept."""

    page: Page
    url: str
    complaints: list[str]

    def opened(self) -> Page:
        self.page.goto(self.url)
        self.page.locator(".panel .talk").first.wait_for()
        return self.page


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"the chat page was not tried in a browser: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def demo(browser: Browser) -> Iterator[str]:
    """Its address. Asked for after the browser: where there is none, nothing is started."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from holdline.app.main import main; main()",
            "demo",
            "--port",
            str(free_port()),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert "ready: http://127.0.0.1:" in line
        yield line.split()[-1]
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def visit(browser: Browser, demo: str) -> Iterator[Visit]:
    """A browser that has never been here; whatever it complains about fails the test."""
    with browser.new_context(viewport={"width": 1600, "height": 900}, locale="en-GB") as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        here = Visit(page, demo, [])
        page.on("console", lambda said: _heard(here, said.type, said.text))
        page.on("pageerror", lambda error: here.complaints.append(str(error)))
        page.on("dialog", lambda dialog: _refused(here, dialog))
        page.on("request", lambda request: _stays(here, request))
        yield here
        assert here.complaints == []


def _heard(here: Visit, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        here.complaints.append(text)


def _stays(here: Visit, request: Request) -> None:
    if not request.url.startswith(here.url):
        here.complaints.append(f"left this machine: {request.url}")


def _refused(here: Visit, dialog: Dialog) -> None:
    here.complaints.append(f"a dialog opened: {dialog.message}")
    dialog.dismiss()
