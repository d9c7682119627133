"""Elasticsearch 9.4 on a JVM: one node, no security, open to loopback only."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.engines.errors import EngineError
from tests.engines.group import Launch
from tests.engines.machine import Java

MARK = "made-for-tests"
NOBODY = 65_534
QUICK = "-Xms512m -Xmx1g -XX:-AlwaysPreTouch -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
FULL = "-Xms1g -Xmx1g -XX:+UseG1GC"


@dataclass(frozen=True, slots=True)
class Elasticsearch:
    java: Java | None = None
    home: Path | None = None
    kind: str = "elasticsearch"
    ports: int = 2

    def url(self, port: int) -> str:
        return f"http://127.0.0.1:{port}"

    def settings(self, url: str) -> Mapping[str, str]:
        return {"TAPETUM_ELASTICSEARCH_URL": url}

    def ready(self, url: str) -> bool:
        try:
            health = _ask(url, "GET", "/_cluster/health?wait_for_status=yellow&timeout=5s")
        except (httpx.HTTPError, ValueError):
            return False
        return not health["timed_out"]

    def wipe(self, url: str) -> None:
        """Indices with their aliases, then the templates that did not come with the server."""
        names = [each["index"] for each in self._indices(url)]
        for first in range(0, len(names), 50):
            _ask(url, "DELETE", f"/{','.join(names[first : first + 50])}")
        for kind, key in (
            ("_index_template", "index_templates"),
            ("_component_template", "component_templates"),
        ):
            own = [each["name"] for each in _ask(url, "GET", f"/{kind}")[key] if not _is_managed(each)]
            for name in own:
                _ask(url, "DELETE", f"/{kind}/{name}")

    def is_empty(self, url: str) -> bool:
        names = {each["index"] for each in self._indices(url)}
        return not names or MARK in names

    def mark(self, url: str) -> None:
        if MARK not in {each["index"] for each in self._indices(url)}:
            _ask(url, "PUT", f"/{MARK}", {"settings": {"number_of_replicas": 0}})

    def launch(self, folder: Path, port: int, *, quick: bool) -> Launch:
        assert self.java
        assert self.home
        for part in ("conf", "data", "logs", "tmp", "snapshots"):
            (folder / part).mkdir(exist_ok=True)
        options = {
            "cluster.name": "tapetum-tests",
            "path.data": folder / "data",
            "path.logs": folder / "logs",
            "path.repo": folder / "snapshots",
            "http.host": "127.0.0.1",
            "http.port": port,
            "transport.host": "127.0.0.1",
            "transport.port": port + 1,
            "discovery.type": "single-node",
            "xpack.security.enabled": "false",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        conf = folder / "conf"
        (conf / "elasticsearch.yml").write_text(
            "".join(f"{name}: {value}\n" for name, value in options.items())
        )
        (conf / "log4j2.properties").write_bytes((self.home / "config" / "log4j2.properties").read_bytes())
        kept = [
            line
            for line in (self.home / "config" / "jvm.options").read_text().splitlines()
            if not line.startswith(("-Xlog:gc", "-XX:+UseG1GC"))  # chatter, and a choice that is ours
        ]
        (conf / "jvm.options").write_text("\n".join(kept) + "\n")
        user = NOBODY if os.geteuid() == 0 else None  # it refuses to run as root
        if user is not None:
            for needed in (self.home, folder):
                _others_may_enter(needed)
            for path in (folder, *folder.rglob("*")):
                os.chown(path, user, user)
        unset = ("JAVA_HOME", "JAVA_OPTS", "ES_JAVA_HOME")  # it refuses a JAVA_HOME that is not its own
        return Launch(
            [self.home / "bin" / "elasticsearch"],
            {name: value for name, value in os.environ.items() if name not in unset}
            | {
                "HOME": str(folder),
                "ES_JAVA_HOME": str(self.java.home),
                "ES_PATH_CONF": str(conf),
                "ES_TMPDIR": str(folder / "tmp"),
                "ES_JAVA_OPTS": QUICK if quick else FULL,
            },
            user,
        )

    def _indices(self, url: str) -> list[dict[str, Any]]:
        found = _ask(url, "GET", "/_cat/indices?format=json&h=index&expand_wildcards=all")
        return [each for each in found if not each["index"].startswith(".")]


def _others_may_enter(folder: Path) -> None:
    for part in (folder, *folder.parents):
        if part != folder and not part.stat().st_mode & 0o001:
            raise EngineError(
                f"Elasticsearch does not run as root, and nobody else may enter {part}; set TMPDIR and "
                "TAPETUM_ENGINES_CACHE to folders that others may read, or run as another user."
            )


def _is_managed(template: Mapping[str, Any]) -> bool:
    inner = template.get("index_template") or template.get("component_template") or {}
    return bool(inner.get("_meta", {}).get("managed")) or template["name"].startswith(".")


def _ask(url: str, method: str, path: str, body: object = None) -> Any:
    answer = httpx.request(method, url.rstrip("/") + path, json=body, timeout=30, trust_env=False)
    return answer.raise_for_status().json()
