"""A browser, and demos of their own for it to look at, each started once."""

import gc
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.logs_page import SLOW, frozen, rows
from tests.support.browsers import chromium
from tests.support.feeding import feeding
from tests.support.fleet import Fleet, Process, product_engines
from tests.support.served import Served

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / ".cache" / "screenshots"
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
NODES = '{ serviceGraph(range: {from: "now-15m"}) { nodes { id } } }'
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


_RAN_OUT = ["TimeoutError", r"element\(s\) not found"]
"""Of failures, those of a wait for what never came; what came and was wrong is never tried again."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks that none can forget: beside a browser in its process, no test may run a loop of its own.

    On two cores that also carry three engines, each in some thousand waits for a drawn page has run out; what
    fails is tried once more, and the summary names it (R).
    """
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker("browser")
        item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=_RAN_OUT))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Nothing is collected while the source of a failure is read: where tasks that Playwright left end in the
    middle of that, CPython 3.11 breaks off, and takes the test process along.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    found = chromium()
    assert found is not None, "The browser tests need Chromium on the PATH; `make e2e` installs it."
    expect.set_options(timeout=SLOW)  # for all: what is shown in a second took thirty on a busy machine
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(_QUIET))
        yield started
        started.close()


@pytest.fixture(scope="session")
def built() -> None:
    assert (ROOT / "tapetum/service/page/index.html").is_file(), "The page is not built; run `make web`."


@pytest.fixture(scope="session")
def embedded_demo(built: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    with Served(tmp_path_factory.mktemp("demo") / "data", "--demo") as running:
        yield running


@pytest.fixture(scope="session")
def demo_fleet(built: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Fleet]:
    """Over engines of its own: the demo never rests, and other tests count what they sent. They are over."""
    Fleet.end_all()
    folder = tmp_path_factory.mktemp("demo-fleet")
    with (
        Fleet(folder, product_engines("demo"), apis=2, workers=2) as running,
        feeding(running.apis[1].url, folder / "demo"),
    ):
        running.api.without_detectors()
        until = time.monotonic() + 180
        while not running.apis[0].ask(NODES)["serviceGraph"]["nodes"]:  # what came in is applied after that
            assert time.monotonic() < until, [each.said for each in running.workers]
            time.sleep(0.5)
        yield running


@pytest.fixture(scope="session")
def distributed_demo(demo_fleet: Fleet) -> Process:
    """What it shows came in through the other replica."""
    return demo_fleet.apis[0]


@pytest.fixture(scope="session")
def demo(request: pytest.FixtureRequest) -> Served:
    """The embedded one; with the mark `every_demo` (tests.support.products), the distributed one too."""
    found: Served = request.getfixturevalue(getattr(request, "param", "embedded_demo"))
    return found


@pytest.fixture
def page(browser: Browser, demo: Served) -> Generator[Page]:
    """The demo's page, dark, at 1600 x 1000; fails on any console error or refused script."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, color_scheme="dark")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.goto(demo.url)
    opened.get_by_test_id("graph-node").first.wait_for()
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def opener(browser: Browser, demo: Served) -> Generator[Callable[..., Page]]:
    """Opens a page, by its path, over a range that stands still; fails on any console error."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opening(
        path: str, query: str = "", scheme: Any = "dark", width: int = 1600, height: int = 1000
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        within = frozen(demo)
        page.goto(f"{demo.url}{path}?from={within['from']}&to={within['to']}&{query}")
        return page

    yield opening
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def opened(opener: Callable[..., Page]) -> Callable[..., Page]:
    """Opens the logs, as `opener` does, and waits for their first row."""

    def opening(*look: Any, **more: Any) -> Page:
        page = opener("/logs", *look, **more)
        rows(page).first.wait_for(timeout=SLOW)
        return page

    return opening


def keep(page: Page, of: Served, name: str) -> None:
    """A picture for somebody to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    kind = "distributed-" if isinstance(of, Process) else ""
    page.screenshot(path=SCREENSHOTS / f"{kind}{name}.png")


def violations(page: Page) -> list[Any]:
    """Of the accessibility rules."""
    page.evaluate(f"() => {{ {AXE.read_text()} }}")  # not as a script tag: the page's CSP refuses those
    found = page.evaluate(
        "async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})).violations"
    )
    return [(each["id"], [one["html"][:200] for one in each["nodes"][:3]]) for each in found]
