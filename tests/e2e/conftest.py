"""A browser and a demo of its own, both started once."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.served import Served

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / ".cache" / "screenshots"
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium is not None, "The browser tests need Chromium on the PATH; `make e2e` installs it."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(_QUIET))
        yield started
        started.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    assert (ROOT / "tapetum/service/page/index.html").is_file(), "The page is not built; run `make web`."
    with Served(tmp_path_factory.mktemp("demo") / "data", "--demo") as running:
        yield running


@pytest.fixture
def page(browser: Browser, demo: Served) -> Generator[Page]:
    """The demo's page, dark, at 1600 x 1000; fails on any console error or refused script."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, color_scheme="dark")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.goto(demo.url)
    opened.get_by_test_id("graph-node").first.wait_for(timeout=20_000)
    yield opened
    context.close()
    assert complaints == []


def keep(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
