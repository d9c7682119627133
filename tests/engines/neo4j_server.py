"""Neo4j Community 5.26 on a JVM, from its jars; without a password unless one is asked for."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import neo4j
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from tests.engines.errors import EngineError
from tests.engines.group import Launch
from tests.engines.machine import Java

MARK = "MadeForTests"
USER = "neo4j"
QUICK = ("-Xms256m", "-Xmx768m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
FULL = ("-Xms1g", "-Xmx1g")
OPENS = tuple(
    f"--add-opens=java.base/{package}=ALL-UNNAMED"
    for package in ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
)


@dataclass(frozen=True, slots=True)
class Neo4j:
    java: Java | None = None
    home: Path | None = None
    """The jars, and what was prepared of their classes."""

    user: str = USER
    password: str | None = None
    kind: str = "neo4j"
    ports: int = 1

    @property
    def auth(self) -> tuple[str, str] | None:
        return (self.user, self.password) if self.password else None

    def url(self, port: int) -> str:
        return f"bolt://127.0.0.1:{port}"

    def settings(self, url: str) -> Mapping[str, str]:
        signed = {"TAPETUM_NEO4J_USER": self.user, "TAPETUM_NEO4J_PASSWORD": self.password}
        return {
            "TAPETUM_NEO4J_URL": url,
            **{name: value for name, value in signed.items() if self.password and value},
        }

    def ready(self, url: str) -> bool:
        try:
            return self._ask(url, "RETURN 1 AS it") == [{"it": 1}]
        except AuthError as error:
            raise EngineError(
                f"Neo4j at {url} refuses {self.user!r} with the password given: {error.message}."
            ) from None
        except (DriverError, Neo4jError, OSError):
            return False

    def wipe(self, url: str) -> None:
        self._ask(url, "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 20000 ROWS")
        for row in self._ask(url, "SHOW CONSTRAINTS YIELD name"):
            self._ask(url, f"DROP CONSTRAINT `{row['name']}`")  # pyright: ignore[reportArgumentType] - its own name
        for row in self._ask(url, "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name"):
            self._ask(url, f"DROP INDEX `{row['name']}`")  # pyright: ignore[reportArgumentType] - its own name

    def is_empty(self, url: str) -> bool:
        counted = self._ask(
            url, f"MATCH (n) RETURN count(n) AS nodes, count(CASE WHEN n:{MARK} THEN 1 END) AS marks"
        )
        return counted[0]["nodes"] == 0 or counted[0]["marks"] > 0

    def mark(self, url: str) -> None:
        self._ask(url, f"MERGE (:{MARK})")

    def launch(self, folder: Path, port: int, *, quick: bool) -> Launch:
        assert self.java
        assert self.home
        for part in ("conf", "data", "logs", "run", "plugins", "import"):
            (folder / part).mkdir(exist_ok=True)
        options = {
            "server.bolt.listen_address": f"127.0.0.1:{port}",
            "server.bolt.advertised_address": f"127.0.0.1:{port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "dbms.usage_report.enabled": "false",
            "server.memory.pagecache.size": "256m",
            "dbms.security.auth_enabled": "true" if self.password else "false",
            # It would wait 10 s for connections after its databases are closed.
            "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
        }
        lines = "".join(f"{name}={value}\n" for name, value in options.items())
        (folder / "conf" / "neo4j.conf").write_text(lines)
        if self.password and not (folder / "data" / "dbms").exists():
            self._set_password(folder)
        return self.server(folder, *(QUICK if quick else FULL), f"-XX:SharedArchiveFile={self.archive}")

    @property
    def archive(self) -> Path:
        """Classes as this Java lays them out in memory: with it a start takes a third of the time."""
        assert self.java
        assert self.home
        return self.home / f"classes-{self.java.version}.jsa"

    def server(self, folder: Path, *options: str) -> Launch:
        return Launch(
            [
                *self._java(*options),
                "org.neo4j.server.CommunityEntryPoint",
                f"--home-dir={folder}",
                f"--config-dir={folder / 'conf'}",
            ],
            os.environ,
        )

    def _java(self, *options: str) -> list[str | Path]:
        assert self.java
        return [self.java.command, *options, "-cp", f"{self.home}/lib/*", *OPENS]

    def _set_password(self, folder: Path) -> None:
        subprocess.run(
            [
                *self._java("-XX:TieredStopAtLevel=1"),
                "org.neo4j.server.startup.Neo4jAdminCommand",
                "dbms",
                "set-initial-password",
                str(self.password),
            ],
            env={**os.environ, "NEO4J_HOME": str(folder), "NEO4J_CONF": str(folder / "conf")},
            capture_output=True,
            check=True,
        )

    def _ask(self, url: str, query: LiteralString) -> list[dict[str, Any]]:
        with (
            neo4j.GraphDatabase.driver(
                url, auth=self.auth, connection_timeout=2, notifications_min_severity="OFF"
            ) as driver,
            driver.session() as session,
        ):
            return session.run(query).data()
