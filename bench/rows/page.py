"""The page: the JavaScript that it needs first, how soon the demo's graph stands and a namespace opens."""

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import msgspec
from playwright.sync_api import Browser, Page, sync_playwright

from bench import served
from bench.figures import Figure, Of, Target
from bench.setting import ROOT, Setting
from tests.support.browsers import chromium

ROW = "page"
_BUILT = ROOT / "tapetum/service/page"
_SMALL = Target(350, at_least=False, of=Of.VALUE, unit="KiB")
_SOON = Target(2000, at_least=False, of=Of.VALUE, unit="ms")
_AT_ONCE = Target(150, at_least=False, of=Of.VALUE, unit="ms")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)
_PATIENCE = 30_000
# A frame after the one in which it is there: what was drawn is then on the screen.
_SHOWN = """(selector) => new Promise((tell) => {
  const look = () => document.querySelector(selector)
    ? requestAnimationFrame(() => requestAnimationFrame(() => tell(performance.now())))
    : requestAnimationFrame(look);
  look();
})"""
_WATCH = f"window.graphShown = ({_SHOWN})('[data-testid=graph-node]')"
_OPEN = f"""async ([name, inside]) => {{
  const node = document.querySelector(`[data-testid=graph-node][data-node-name="${{name}}"]`);
  const began = performance.now();
  node.dispatchEvent(new MouseEvent('dblclick', {{ bubbles: true }}));
  return await ({_SHOWN})(`[data-testid=graph-node][data-node-name="${{inside}}"]`) - began;
}}"""


def run(setting: Setting) -> list[Figure]:
    if not (_BUILT / ".vite/manifest.json").is_file():
        print("The page is not built, so its row is left out; run `make web`.", file=sys.stderr)
        return []
    figures = [
        Figure(ROW, "JavaScript before lazy chunks, gzipped", _first_javascript(), "KiB", target=_SMALL)
    ]
    found = chromium()
    if found is None:
        print("There is no Chromium on the PATH, so only the page's size is told.", file=sys.stderr)
        return figures
    graphs: list[float] = []
    opened: list[float] = []
    with (
        setting.directory() as data,
        served.product(data, "--demo") as server,
        _browser(found) as browser,
    ):
        for _ in range(max(3, setting.rounds)):
            with _page(browser, server) as page:
                graphs.append(page.evaluate("window.graphShown"))
                page.wait_for_timeout(1500)  # the whole is laid out and fitted
                opened.append(page.evaluate(_OPEN, ["payments", "ledger"]))
    return [
        *figures,
        Figure(ROW, "demo: from navigation to the first graph, p50", median(graphs), "ms", target=_SOON),
        Figure(ROW, "demo: slowest of the first graphs", max(graphs), "ms"),
        Figure(
            ROW, "demo: from double click to an open namespace, p50", median(opened), "ms", target=_AT_ONCE
        ),
        Figure(ROW, "demo: slowest opening", max(opened), "ms"),
    ]


def _first_javascript() -> float:
    """As web/scripts/size.mjs counts it: the entry chunk and what it imports without asking again."""
    manifest: dict[str, dict[str, Any]] = msgspec.json.decode((_BUILT / ".vite/manifest.json").read_bytes())
    waiting = [key for key, chunk in manifest.items() if chunk.get("isEntry")]
    needed: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in needed:
            needed.add(key)
            waiting += manifest[key].get("imports", [])
    return sum(len(gzip.compress((_BUILT / manifest[key]["file"]).read_bytes(), 9)) for key in needed) / 1024


@contextmanager
def _browser(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _page(browser: Browser, server: served.Served) -> Iterator[Page]:
    """A visitor with an empty cache."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.goto(f"http://127.0.0.1:{server.port}/", timeout=_PATIENCE)
    page.get_by_test_id("graph-node").first.wait_for(timeout=_PATIENCE)
    try:
        yield page
    finally:
        context.close()
