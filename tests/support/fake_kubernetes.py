"""An API server of Kubernetes on loopback, as far as clients that list, watch, create and delete can tell."""

import json
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "let-me-in"
GROUPS = {
    "": {"v1": ("namespaces", "pods", "services", "serviceaccounts", "secrets")},
    "projectcalico.org": {"v3": ("networkpolicies", "tiers", "globalnetworkpolicies", "packetcaptures")},
    "networking.k8s.io": {"v1": ("networkpolicies", "ingresses")},
}
Document = dict[str, Any]
Objects = dict[tuple[str | None, str], Document]


@dataclass
class Cluster:
    """Objects by path of their kind. `refuse` makes paths answer with a status, `lacks` hides kinds, `slow`
    makes a new object take so many seconds.
    """

    url: str = ""
    objects: dict[str, Objects] = field(default_factory=dict[str, Objects])
    refuse: dict[str, int] = field(default_factory=dict[str, int])
    lacks: set[str] = field(default_factory=set[str])
    asked: list[str] = field(default_factory=list[str])
    slow: float = 0
    _events: list[tuple[int, str, Document]] = field(default_factory=list[tuple[int, str, Document]])
    _version: int = 0
    _forgotten: int = 0
    _cut: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def put(self, path: str, document: Document) -> None:
        key = document["metadata"].get("namespace"), document["metadata"]["name"]
        with self._changed:
            kept = self.objects.setdefault(path, {})
            what = "MODIFIED" if key in kept else "ADDED"
            kept[key] = self._told(path, what, document)

    def delete(self, path: str, name: str, namespace: str | None = None) -> None:
        with self._changed:
            self._told(path, "DELETED", self.objects[path].pop((namespace, name)))

    def create(self, path: str, namespace: str, document: Document) -> Document | None:
        """None where one of the name is there."""
        metadata = document["metadata"]
        if (namespace, metadata["name"]) in self.objects.get(path, {}):
            return None
        uid = f"uid-{self._version + 1}"
        made = {**metadata, "namespace": namespace, "uid": uid, "creationTimestamp": "2026-11-23T14:37:21Z"}
        self.put(path, {**document, "metadata": made})
        return self.objects[path][namespace, metadata["name"]]

    def forget(self) -> None:
        """What happened so far can no longer be watched from, and watches break off."""
        with self._changed:
            self._forgotten, self._events = self._version, []
            self._cut += 1
            self._changed.notify_all()

    def cut(self) -> None:
        """Watches break off in the middle."""
        with self._changed:
            self._cut += 1
            self._changed.notify_all()

    def _told(self, path: str, what: str, document: Document) -> Document:
        self._version += 1
        metadata = {**document["metadata"], "resourceVersion": str(self._version)}
        told = {**document, "metadata": metadata}
        self._events.append((self._version, path, {"type": what, "object": told}))
        self._changed.notify_all()
        return told

    def listed(self, path: str, limit: int, onward: str) -> Document:
        with self._changed:
            every = [
                {name: value for name, value in each.items() if name not in ("kind", "apiVersion")}
                for each in self.objects.get(path, {}).values()
            ]
            begin = int(onward or 0)
            metadata = {"resourceVersion": str(self._version)}
            if begin + limit < len(every):
                metadata["continue"] = str(begin + limit)
            return {"kind": "List", "metadata": metadata, "items": every[begin : begin + limit]}

    def watched(self, path: str, version: int, seconds: float) -> Iterator[Document]:
        until, cut = time.monotonic() + seconds, self._cut
        if version < self._forgotten:
            yield {"type": "ERROR", "object": {"code": 410, "message": "too old resource version"}}
            return
        while time.monotonic() < until:
            with self._changed:
                told = [each for each in self._events if each[0] > version and each[1] == path]
                if not told and cut == self._cut:
                    self._changed.wait(0.2)
            if cut != self._cut:
                raise ConnectionAbortedError
            for number, _, event in told:
                version = number
                yield event
        yield {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": str(version)}}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster: Cluster

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        del format, args

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        self.cluster.asked.append(path)
        if self._refused(path):
            return
        if (answer := _discovery(path, self.cluster.lacks)) is not None:
            self._answer(200, answer)
        elif "watch" in asked:
            self._stream(path, asked)
        else:
            onward = asked.get("continue", [""])[0]
            self._answer(200, self.cluster.listed(path, int(asked["limit"][0]), onward))

    def do_POST(self) -> None:
        self.cluster.asked.append(self.path)
        time.sleep(self.cluster.slow)
        document = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self._refused(self.path):
            return
        made = self.cluster.create(*_of_all(self.path)[:2], document)
        self._answer(*((409, {"message": "already exists"}) if made is None else (201, made)))

    def do_DELETE(self) -> None:
        self.cluster.asked.append(self.path)
        options = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self._refused(self.path):
            return
        path, namespace, name = _of_all(self.path)
        found = self.cluster.objects.get(path, {}).get((namespace, name))
        if found is None:
            self._answer(404, {"message": "not found"})
        elif found["metadata"]["uid"] != options["preconditions"]["uid"]:
            self._answer(409, {"message": "another"})
        else:
            self.cluster.delete(path, name, namespace)
            self._answer(200, {"status": "Success"})

    def _refused(self, path: str) -> bool:
        if self.headers.get("authorization") != f"Bearer {TOKEN}":
            self._answer(401, {"message": "Unauthorized"})
            return True
        if path in self.cluster.refuse:
            self._answer(self.cluster.refuse[path], {"message": "not today"})
            return True
        return False

    def _answer(self, status: int, body: Document) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _stream(self, path: str, asked: dict[str, list[str]]) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        seconds = min(5.0, float(asked["timeoutSeconds"][0]))
        try:
            for event in self.cluster.watched(path, int(asked["resourceVersion"][0]), seconds):
                text = json.dumps(event).encode() + b"\n"
                self.wfile.write(f"{len(text):x}\r\n".encode() + text + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True


@contextmanager
def api_server() -> Generator[Cluster]:
    cluster = Cluster()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"cluster": cluster}))
    server.daemon_threads = True
    cluster.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield cluster
    finally:
        server.shutdown()
        cluster.cut()
        thread.join()
        server.server_close()


@contextmanager
def silent_server() -> Generator[str]:
    """Takes connections and never answers; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def kubeconfig(place: Path, url: str, token: str = TOKEN) -> Path:
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": {"token": token}}],
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
    }
    place.write_text(json.dumps(config))
    return place


def _of_all(path: str) -> tuple[str, str, str]:
    """A path within a namespace as that of all, the namespace, and the object's name."""
    base, _, rest = path.partition("/namespaces/")
    namespace, resource, *name = rest.split("/")
    return f"{base}/{resource}", namespace, "".join(name)


def _discovery(path: str, lacks: set[str]) -> Document | None:
    if path == "/apis":
        return {
            "groups": [
                {"name": group, "versions": [{"version": each} for each in versions]}
                for group, versions in GROUPS.items()
                if group
            ]
        }
    for group, versions in GROUPS.items():
        for version, resources in versions.items():
            if path == (f"/apis/{group}/{version}" if group else f"/api/{version}"):
                return {"resources": [{"name": each} for each in resources if each not in lacks]}
    return None
