"""Commands on engines that are half set, misspelt, locked or away: one sentence, and no password in it."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tapetum.service.settings import URLS, Settings
from tests import engines
from tests.support import raw_flows
from tests.support.refusals import refused

SECRET = "s3cret"
COMMANDS = (
    "api --port 0",
    "worker",
    "migrate",
    "verify",
    "ingest flows.json",
    "token create x",
    "token list",
    "token revoke x",
)
NOWHERE = {
    "NEO4J_URL": "bolt://127.0.0.1:1",
    "NEO4J_PASSWORD": SECRET,
    "ELASTICSEARCH_URL": f"http://elastic:{SECRET}@127.0.0.1:1",
    "REDIS_URL": f"redis://:{SECRET}@127.0.0.1:1/0",
}

WAITING = ("api", "worker")
"""What starts without the engines, and waits for them."""

Refuses = Callable[..., str]


@pytest.fixture
def refuses(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Refuses:
    """How a command refuses with these settings and no others."""
    for name in ("CONFIG", "TOKEN", *Settings.model_fields):
        monkeypatch.delenv(f"TAPETUM_{name.upper()}", raising=False)
    monkeypatch.setenv("TAPETUM_SPOOL", str(tmp_path_factory.mktemp("spool")))
    monkeypatch.chdir(tmp_path)
    Path("flows.json").write_bytes(raw_flows.line(1_795_000_000))

    def refuse(command: str, **settings: str) -> str:
        with monkeypatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(f"TAPETUM_{name}", value)
            sentence = refused(capfd, patch, *command.split())
        assert SECRET not in sentence
        return sentence

    return refuse


@pytest.mark.parametrize("command", COMMANDS)
def test_engines_are_set_all_or_none(refuses: Refuses, command: str) -> None:
    names = [url.upper() for url in URLS]
    for count in (1, 2):
        for some in combinations(names, count):
            said = refuses(command, **{name: NOWHERE[name] for name in some})
            given, missing = said.split(" set, but not ")
            assert [name for name in names if f"TAPETUM_{name}" in given] == list(some)
            assert [name for name in names if f"TAPETUM_{name}" in missing] == [
                name for name in names if name not in some
            ]
            assert "set all three for the engines, or none for the embedded stores" in missing


@pytest.mark.parametrize("command", WAITING)
def test_some_commands_are_for_the_engines_only(refuses: Refuses, command: str) -> None:
    said = refuses(command)
    assert f"`tapetum {command}` works on the engines; set TAPETUM_NEO4J_URL" in said
    assert "`tapetum up`" in said


@pytest.mark.parametrize(
    ("name", "value", "way_out"),
    [
        ("NEO4J_URL", f"http://{SECRET}", "write it as bolt://HOST:7687"),
        ("NEO4J_URL", f"bolt://neo4j:{SECRET}@127.0.0.1:7687", "TAPETUM_NEO4J_PASSWORD"),
        ("ELASTICSEARCH_URL", f"http://elastic:{SECRET}@elasticsearch", "with its port"),
        ("ELASTICSEARCH_URL", f"http://elastic:{SECRET}/x@h:9200", "written as %2F"),
        ("REDIS_URL", f"redis://:{SECRET}@h:99999/0", "write it as redis://USER:PASSWORD@HOST:6379/0"),
    ],
)
@pytest.mark.parametrize("command", ["api", "verify"])
def test_an_address_is_written_as_its_driver_takes_it(
    refuses: Refuses, command: str, name: str, value: str, way_out: str
) -> None:
    said = refuses(command, **NOWHERE | {name: value})
    assert said.startswith(f"The setting TAPETUM_{name} = … cannot be used: ")
    assert way_out in said


@pytest.mark.parametrize("command", [each for each in COMMANDS if not each.startswith(WAITING)])
def test_engines_that_are_not_there(refuses: Refuses, command: str) -> None:
    said = refuses(command, **NOWHERE)
    assert said == (
        "Elasticsearch at http://127.0.0.1:1 cannot be reached; start it, or correct "
        "TAPETUM_ELASTICSEARCH_URL."
    )


def test_the_port_of_a_worker(refuses: Refuses) -> None:
    assert "65535" in refuses("worker --port 65536", **NOWHERE)


@contextmanager
def answering(status: int, **headers: str) -> Generator[str]:
    """An address where something answers every request in the same way; without its scheme."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(status)
            self.send_header("content-length", "2")
            self.send_header("content-type", "application/json")
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(b"{}")

        def log_message(self, format: str, *_: Any) -> None: ...  # noqa: A002 - its name

    for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.answer)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (401, {"x_elastic_product": "Elasticsearch"}, "does not let our user in; correct TAPETUM_ELAST"),
        (403, {"x_elastic_product": "Elasticsearch"}, "does not let our user in; correct TAPETUM_ELAST"),
        (503, {"x_elastic_product": "Elasticsearch"}, "is overloaded; try again later"),
        (200, {}, "is no Elasticsearch; correct TAPETUM_ELAST"),
        (401, {}, "does not let our user in; correct TAPETUM_ELAST"),
    ],
)
@pytest.mark.parametrize("command", ["migrate", "token list"])
def test_an_elasticsearch_that_refuses(
    refuses: Refuses, command: str, status: int, headers: dict[str, str], told: str
) -> None:
    with answering(status, **headers) as place:
        settings = NOWHERE | {"ELASTICSEARCH_URL": f"http://elastic:{SECRET}@{place}"}
        said = refuses(command, **settings)
    assert f"at http://{place} {told}" in said


@pytest.mark.engine
@pytest.mark.parametrize("command", ["migrate", "token list", "verify"])
def test_a_neo4j_that_is_not_there(refuses: Refuses, command: str) -> None:
    said = refuses(command, **NOWHERE | {"ELASTICSEARCH_URL": engines.elasticsearch().url})
    assert said.startswith("Neo4j at bolt://127.0.0.1:1 ")
    assert "see that it runs" in said


@pytest.mark.engine
def test_a_neo4j_with_another_password(refuses: Refuses) -> None:
    locked = engines.neo4j("guarded", password="correct horse")
    settings = NOWHERE | {"ELASTICSEARCH_URL": engines.elasticsearch().url, "NEO4J_URL": locked.url}
    for command in ("migrate", "verify"):
        said = refuses(command, **settings)
        assert f"Neo4j at {locked.url} refuses the user or the password" in said
        assert "TAPETUM_NEO4J_PASSWORD" in said
