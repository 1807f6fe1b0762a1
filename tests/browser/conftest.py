"""A real browser against a real server; Debian's chromium, nothing downloaded."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.factories import PASSWORD, carol

# Playwright's sync API runs an event loop in this thread; the ORM may be used here
# all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WAIT_MS = 8_000


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let SQLite keep the test database in a file, as the site does.

    The server's threads share one in memory, and there a lock is an error at once:
    nobody waits for another's commit.
    """
    default = settings.DATABASES["default"]
    if default["ENGINE"] == "django.db.backends.sqlite3":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        default.setdefault("TEST", {})["NAME"] = str(file)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@dataclass(slots=True)
class Site:
    """The live site as one visitor's browser sees it; complaints are collected."""

    browser: Browser
    address: str
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def visit(self, path: str = "/", **options: Any) -> Page:
        """Open a path in a fresh browser profile."""
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context = self.browser.new_context(base_url=self.address, **options)
        context.set_default_timeout(WAIT_MS)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self._note(said.type, said.text))
        page.on("pageerror", lambda error: self._note("error", str(error)))
        page.goto(path)
        return page

    def visit_as_carol(self, path: str = "/", **options: Any) -> Page:
        """Open a path as Carol, through the sign-in page."""
        carol()
        page = self.visit(f"/account/login/?next={path}", **options)
        sign_in(page)
        return page

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)


def sign_in(page: Page, email: str = "carol@example.org") -> None:
    """Fill in the sign-in page that is open."""
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.main")
    # A click returns before the page it leads to is there; what a test sets up next
    # (a route, say) has to hold for that page.
    page.wait_for_url(lambda address: "/account/login" not in address)


@pytest.fixture
def site(browser: Browser, live_server: LiveServer) -> Iterator[Site]:
    found = Site(browser=browser, address=live_server.url)
    yield found
    for context in found.contexts:
        context.close()
