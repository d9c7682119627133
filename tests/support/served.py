"""The served product: a `tapetum up` of its own in a directory, started, asked, stopped and killed.

Knows the process, its addresses and its wire formats; nothing of the product's code.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import httpx
from websockets.sync.client import ClientConnection, connect

COMMAND = Path(sys.executable).with_name("tapetum")
PROTOCOL = "graphql-transport-ws"
EVER = {"from": "2000-01-01T00:00:00Z", "to": "2104-01-01T00:00:00Z"}
"""A range that holds every record."""
BACK_WITHIN = 30.0
RULES = "{ alertRules(limit: 100) { id detector { name } } }"
SWITCH = "mutation($id: ID!) { switchAlertRule(id: $id, enabled: false) { problems { message } } }"
_STARTS_WITHIN = 180.0  # only a hang is a fault: how quickly it is back is `assert_back`'s to say
_ENDS_WITHIN = 90.0  # it finishes what is under way, on a machine that may be busy


def clean_environment(**settings: str) -> dict[str, str]:
    """Ours without any setting of the product's, then the given ones."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAPETUM_")}
    return kept | settings


def run(
    *arguments: str | Path, stdin: bytes = b"", within: float = 120, **settings: str
) -> subprocess.CompletedProcess[bytes]:
    """A `tapetum` command to its end."""
    return subprocess.run(
        [COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        timeout=within,
        env=clean_environment(**settings),
        check=False,
    )


def assert_back(began: float) -> None:
    """Serving again within 30 s of that moment, on a machine that starts the command itself in two.

    Another one is busy with other work, and has so many times longer; FAULT_PATIENCE times that where what
    keeps it busy comes and goes.
    """
    took = time.monotonic() - began
    if took >= BACK_WITHIN:
        asked = time.monotonic()
        run("--help").check_returncode()
        slower = max(1.0, (time.monotonic() - asked) / 2)
        assert took < BACK_WITHIN * slower * float(os.environ.get("FAULT_PATIENCE", "1"))


class Refused(AssertionError):  # noqa: N818 - how a start ends
    """It ended before it served: with which code, and what it said."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"tapetum ended with {code}: {said}")
        self.code = code
        self.said = said


class Served:
    """One data directory and the process that serves it, if any."""

    def __init__(self, data: Path, *options: str, **settings: str) -> None:
        self.data = data
        self.url = ""
        self.pid = 0
        self.http = httpx.Client()
        self._options = options
        self._settings = settings
        self._said = data.parent / f"{data.name}.stderr"
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = ""

    def __enter__(self) -> Self:
        return self if self._process else self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, within: float = _STARTS_WITHIN, answering: str = "/readyz") -> Self:
        """Until it says that it is ready, or that it lives; raises Refused where it ends instead."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [*self._program(), *self._command()],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=clean_environment(**self._settings),
            )
        self.pid = self._process.pid
        return self.until_answering(answering, within)

    def until_answering(self, path: str, within: float = _STARTS_WITHIN) -> Self:
        process = self._process
        assert process is not None
        until = time.monotonic() + within
        while not self._answers(path):
            if process.poll() is not None:
                raise Refused(process.returncode, self.said)
            if time.monotonic() > until:
                self.kill()
                raise AssertionError(
                    f"tapetum was not ready within {within:g} s ({self._answered.strip()!r}): {self.said}"
                )
            time.sleep(0.05)
        return self

    def stop(self) -> int:
        """As Ctrl+C does; gives the exit code."""
        return self._end(signal.SIGINT)

    def kill(self) -> None:
        """Without a chance to say anything."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        self.http.close()
        if process is None:
            return 0
        with suppress(ProcessLookupError):
            process.send_signal(how)
        try:
            return process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(
                f"tapetum did not end within {_ENDS_WITHIN:g} s of {how.name}: {self.said}"
            ) from None

    def _program(self) -> list[str | Path]:
        return [COMMAND]

    def _command(self) -> list[str | Path]:
        return ["up", "--data", self.data, "--port", "0", *self._options]

    def _address(self) -> str | None:
        """Where it serves, once it says so."""
        try:
            note = json.loads((self.data / "owner.json").read_bytes())
        except (OSError, ValueError):
            return None
        return note["url"] if note["pid"] == self.pid else None  # else left by one that was killed

    def _answers(self, path: str) -> bool:
        address = self._address()
        if address is None:
            return False
        if address != self.url or self.http.is_closed:
            self.url = address
            self.http.close()
            self.http = httpx.Client(base_url=self.url, timeout=60)
        try:
            answer = self.http.get(path)
        except httpx.TransportError as error:
            self._answered = str(error)
            return False
        self._answered = answer.text
        return answer.status_code == httpx.codes.OK

    @property
    def said(self) -> str:
        """All that it wrote to standard output and error."""
        return self._said.read_text(errors="replace")

    @property
    def log_bytes(self) -> int:
        return self._said.stat().st_size

    def processor_seconds(self) -> float:
        """Processor time that the process took since it started."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> tuple[int, int]:
        """Resident bytes now, and their peak since `forget_peak`."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        now, peak = (
            int(next(line.split()[1] for line in status.splitlines() if line.startswith(name))) * 1024
            for name in ("VmRSS:", "VmHWM:")
        )
        return now, peak

    def forget_peak(self) -> None:
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def command(self, *arguments: str | Path, within: float = 120) -> subprocess.CompletedProcess[bytes]:
        """A `tapetum` command on this one's data, to its end."""
        return run(*arguments, "--data", self.data, within=within)

    # Sending

    def send(
        self, body: bytes | Iterable[bytes], cluster: str, form: str = "flows", **headers: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(f"/ingest/v1/{form}", params={"cluster": cluster}, content=body, headers=named)

    def ingest(
        self, lines: bytes | Iterable[bytes], cluster: str, form: str = "flows", **headers: str
    ) -> dict[str, int]:
        """Send whole lines; the counts of an answer that acknowledges them."""
        body = lines if isinstance(lines, bytes) else b"".join(line + b"\n" for line in lines)
        answer = self.send(body, cluster, form, **headers)
        assert answer.status_code == httpx.codes.OK, answer.text
        counts: dict[str, int] = answer.json()
        assert counts["lines"] == counts["accepted"] + counts["duplicates"] + counts["rejected"]
        return counts

    # Asking

    def post(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> httpx.Response:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        return self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    def answer(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        found: dict[str, Any] = self.post(query, variables, token).json()
        return found

    def ask(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        """The data of an answer without errors."""
        found = self.answer(query, variables, token)
        assert "errors" not in found, found["errors"]
        data: dict[str, Any] = found["data"]
        return data

    def without_detectors(self) -> Self:
        """Where tests make hundreds of clusters, or count alerts: detectors would look at each."""
        for rule in self.ask(RULES)["alertRules"]:
            if rule["detector"] is not None:
                told = self.ask(SWITCH, {"id": rule["id"]})["switchAlertRule"]
                assert told["problems"] == []
        return self

    def refusal(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> tuple[str, str]:
        """Code and sentence of the first error."""
        error = self.answer(query, variables, token)["errors"][0]
        return error["extensions"]["code"], error["message"]

    def counts(self, cluster: str) -> tuple[int, int]:
        """Records and rejected lines of a cluster, as the API counts them."""
        data = self.ask(
            "query($r: TimeRangeInput!, $c: [ID!]) {"
            " flows(range: $r, clusters: $c, first: 1) { totalCount }"
            " rejectedLines(range: $r, clusters: $c, first: 1) { totalCount } }",
            {"r": EVER, "c": [cluster]},
        )
        return int(data["flows"]["totalCount"]), int(data["rejectedLines"]["totalCount"])

    def pages(
        self, root: str, fields: str, cluster: str, most: int = 500, **arguments: str
    ) -> list[dict[str, Any]]:
        """Every node of a connection, page by page."""
        extra = "".join(f", {name}: {json.dumps(value)}" for name, value in arguments.items())
        query = (
            "query($r: TimeRangeInput!, $c: [ID!], $n: Int!, $a: String) {"
            f" {root}(range: $r, clusters: $c, first: $n, after: $a{extra})"
            f" {{ nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        )
        found: list[dict[str, Any]] = []
        after = None
        while True:
            page = self.ask(query, {"r": EVER, "c": [cluster], "n": most, "a": after})[root]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    # Following

    @contextmanager
    def socket(
        self, *, protocols: tuple[str, ...] = (PROTOCOL,), origin: str | None = None
    ) -> Generator[ClientConnection]:
        with connect(
            f"{self.url.replace('http', 'ws', 1)}/graphql",
            subprotocols=protocols or None,  # pyright: ignore[reportArgumentType] - a NewType of str
            origin=origin,  # pyright: ignore[reportArgumentType] - as above
            max_size=64 << 20,
            proxy=None,
        ) as socket:
            yield socket

    @contextmanager
    def subscribed(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> Generator[ClientConnection]:
        """A socket that follows one operation, with the id 1."""
        with self.socket() as socket:
            payload: dict[str, Any] = {"token": token} if token else {}
            socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert json.loads(socket.recv(10)) == {"type": "connection_ack"}
            payload = {"query": query, "variables": variables}
            socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            yield socket


def events(socket: ClientConnection, count: int, within: float = 20) -> list[dict[str, Any]]:
    """The data of the next events of a socket's operation."""
    found: list[dict[str, Any]] = []
    until = time.monotonic() + within
    while len(found) < count:
        message = json.loads(socket.recv(max(0.01, until - time.monotonic())))
        if message["type"] in ("ping", "pong"):
            continue
        assert message["type"] == "next", message
        found.append(message["payload"]["data"])
    return found
