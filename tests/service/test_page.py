"""The page is served with its headers, and nothing but the page is."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from tapetum.service import page
from tests.support.raw_http import push
from tests.support.served import Served


def client(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>the page</title>")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "app-1234.js").write_text("0")
    (tmp_path / "secret").write_text("secret")
    monkeypatch.setattr(page, "PAGE", folder)
    app = Starlette(routes=page.routes())
    app.add_middleware(page.SecurityHeaders)
    return client(app)


async def test_every_address_of_the_page_is_the_page(built: httpx.AsyncClient) -> None:
    for path in ("/", "/graph", "/alerts?x=1", "/a/b/c", "/index.html"):
        answer = await built.get(path)
        assert answer.text == "<title>the page</title>"
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["content-type"].startswith("text/html")
    assert (await built.get("/favicon.svg")).text == "<svg/>"


async def test_assets_are_kept_for_ever_and_missing_ones_are_missing(built: httpx.AsyncClient) -> None:
    answer = await built.get("/assets/app-1234.js")
    assert answer.text == "0"
    assert "immutable" in answer.headers["cache-control"]
    missing = await built.get("/assets/app-0000.js")
    assert missing.status_code == 404
    assert "immutable" not in missing.headers.get("cache-control", "")


async def test_nothing_outside_the_page_is_served(built: httpx.AsyncClient) -> None:
    for path in (
        "/../secret",
        "/%2e%2e/secret",
        "/assets/%2e%2e/%2e%2e/secret",
        "/..%2fsecret",
        "//etc/passwd",
    ):
        assert "secret" not in (await built.get(path)).text.replace("<title>the page</title>", "")


async def test_every_answer_carries_the_headers(built: httpx.AsyncClient) -> None:
    for path in ("/", "/assets/app-1234.js", "/assets/none.js"):
        headers = (await built.get(path)).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["script-src"] == "'self'"
        assert policy["object-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


async def test_without_a_build_it_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path)
    answer = await client(Starlette(routes=page.routes())).get("/")
    assert answer.status_code == 503
    assert "make web" in answer.text


@pytest.mark.server
def test_the_served_product_keeps_to_itself(served: Served) -> None:
    for path in ("/../../settings.py", "/%2e%2e/%2e%2e/settings.py", "/assets/../../embedded.py"):
        outcome = push(served.url, path, [], length=0)
        assert "import" not in outcome.text, path
    for path in ("/", "/graphql", "/ingest/v1/flows", "/healthz", "/nothing"):
        assert "content-security-policy" in served.http.get(path).headers, path
