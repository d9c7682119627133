"""The picture on seeded graphs of 100, 1,000 and 10,000 workloads in a browser: how soon, and how smooth."""

import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime

from playwright.sync_api import Browser, Page, sync_playwright

from bench import served
from bench.figures import Figure
from bench.setting import Setting
from bench.stores import NOW
from bench.synthetic import Cluster, opened
from tapetum.domain.moments import DAY, SECOND
from tests.support.browsers import chromium

ROW = "frames"
_SIZES = ((100, 10, 400, 1_600), (1_000, 50, 5_000, 20_000), (10_000, 200, 50_000, 200_000))
"""Workloads, namespaces, edges and flows."""
_LEAST = (20, 4, 100, 400)
_SOFTWARE = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)
"""Without a graphics card; the renderer is told beside the figures."""
_PATIENCE = 120_000
_SIZE = {"width": 1600, "height": 1000}
_CARDS, _OVERVIEW = "[data-testid=graph-node]", "[data-testid=graph-overview][data-drawn]"
_DRAWN = f"{_CARDS}, {_OVERVIEW}"
# A frame after the one in which it is there: what was drawn is then on the screen.
_WATCH = f"""window.pictureShown = new Promise((tell) => {{
  const look = () => document.querySelector('{_DRAWN}')
    ? requestAnimationFrame(() => requestAnimationFrame(() => tell(performance.now())))
    : requestAnimationFrame(look);
  look();
}})"""
_COUNT = """(seconds) => new Promise((tell) => {
  const gaps = [], began = performance.now();
  let last = began;
  const frame = (now) => {
    gaps.push(now - last);
    last = now;
    if (now - began < seconds * 1000) requestAnimationFrame(frame);
    else tell({ fps: gaps.length / seconds, longest: Math.max(...gaps) });
  };
  requestAnimationFrame(frame);
})"""
_RENDERER = """() => {
  const gl = document.createElement('canvas').getContext('webgl2');
  const told = gl?.getExtension('WEBGL_debug_renderer_info');
  return gl ? gl.getParameter(told ? told.UNMASKED_RENDERER_WEBGL : gl.RENDERER) : 'no WebGL';
}"""
_SECONDS = 4


def run(setting: Setting) -> list[Figure]:
    found = chromium()
    if found is None:
        print("There is no Chromium on the PATH, so the pictures' row is left out.", file=sys.stderr)
        return []
    figures: list[Figure] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(_SOFTWARE))
        try:
            for cluster in _clusters(setting):
                with opened(cluster, setting.cache):
                    pass  # built here if it has to be
                with setting.directory() as scratch:
                    data = scratch / "copy"
                    shutil.copytree(setting.cache / cluster.name, data)
                    with served.product(data) as server:
                        for level in ("namespace", "workload"):
                            figures += _measured(browser, server, cluster, level)
        finally:
            browser.close()
    return figures


def _clusters(setting: Setting) -> list[Cluster]:
    """Each size once, as a quick look may make some of them the same."""
    sizes = {tuple(map(setting.sized, size, _LEAST)) for size in _SIZES}
    return [Cluster(*size, local=True) for size in sorted(sizes)]


def _measured(browser: Browser, server: served.Served, cluster: Cluster, level: str) -> list[Figure]:
    with _page(browser, server, level) as page:
        shown = page.evaluate("window.pictureShown")
        page.wait_for_timeout(1500)  # the whole is laid out and fitted
        overview = page.locator(_OVERVIEW).count() > 0
        renderer = f"drawn by {page.evaluate(_RENDERER)}"
        moved = _dragged(page)
    picture = "overview" if overview else "cards"
    what = f"{cluster.workloads:,} workloads by {level}, {picture}"
    return [
        Figure(ROW, f"{what}: from navigation to the picture", shown, "ms", peer=renderer),
        Figure(ROW, f"{what}: frames while it is dragged", moved["fps"], "fps", peer=renderer),
        Figure(ROW, f"{what}: longest frame", moved["longest"], "ms", peer=renderer),
    ]


def _dragged(page: Page) -> dict[str, float]:
    """What the page's own frames were while the pointer drew the picture about."""
    box = page.get_by_test_id("graph-overview").or_(page.get_by_test_id("graph-canvas")).bounding_box()
    if box is None:
        raise AssertionError("There is no picture.")
    x, y = box["x"] + box["width"] - 140, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(f"() => {{ window.counted = ({_COUNT})({_SECONDS}); }}")  # goes on meanwhile
    for step in range(40):
        page.mouse.move(x - 6 * (step % 20), y + 4 * (step % 10))
    told: dict[str, float] = page.evaluate("window.counted")
    page.mouse.up()
    return told


@contextmanager
def _page(browser: Browser, server: served.Served, level: str) -> Generator[Page]:
    """A visitor with an empty cache, a day before the stores' now."""
    context = browser.new_context(viewport={"width": _SIZE["width"], "height": _SIZE["height"]})
    page = context.new_page()
    page.add_init_script(_WATCH)
    start, end = (
        f"{datetime.fromtimestamp(moment / SECOND, UTC):%Y-%m-%dT%H:%M:%SZ}" for moment in (NOW - DAY, NOW)
    )
    levels = "&level=workload" if level == "workload" else ""
    page.goto(f"http://127.0.0.1:{server.port}/?from={start}&to={end}{levels}", timeout=_PATIENCE)
    page.locator(_DRAWN).first.wait_for(timeout=_PATIENCE)
    try:
        yield page
    finally:
        context.close()
