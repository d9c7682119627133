"""Objects of a Kubernetes API server: listed once, then followed. Only this module knows the official client.

It gives what it hears and keeps nothing: a list is all there is of a kind, a change is of one object.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from kubernetes.client import ApiClient
from kubernetes.client.exceptions import ApiException
from kubernetes.config import ConfigException, new_client_from_config
from kubernetes.watch.watch import iter_resp_lines
from urllib3.exceptions import HTTPError

from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.domain.manifest_kinds import KINDS, ManifestKind

_PAGE = 500
_GONE = 410
_OK = range(200, 300)
_CONNECT, _READ = 10.0, 60.0
_WATCH = 240
"""Seconds after which a watch is asked for anew, so that none dies unnoticed."""
_STORED = {"projectcalico.org": "crd.projectcalico.org"}
"""Where Calico keeps its objects when its own API server is not installed."""


@dataclass(frozen=True, slots=True)
class Served:
    """A kind that the API server has, and where."""

    kind: ManifestKind
    version: str
    path: str


@dataclass(frozen=True, slots=True)
class Listed:
    """All objects of a kind that there are."""

    served: Served
    documents: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Changed:
    served: Served
    document: dict[str, Any]
    gone: bool


Heard = Listed | Changed


class ExpiredError(Exception):
    """The server no longer knows what happened since; the kind has to be listed anew."""


class ApiServer:
    """Raises UnavailableError where the server does not answer, BadInputError where it refuses."""

    def __init__(self, kubeconfig: Path | None, context: str | None) -> None:
        try:
            self._client: ApiClient = new_client_from_config(
                None if kubeconfig is None else str(kubeconfig), context
            )
        except (ConfigException, OSError, TypeError, ValueError) as error:
            raise BadInputError(
                f"The kubeconfig cannot be used: {error}; give one with --kubeconfig."
            ) from None
        self.name = str(self._client.configuration.host)

    def served(self) -> list[Served]:
        """Which of the kinds that bear on policies it has."""
        groups = {group["name"]: [each["version"] for each in group["versions"]] for group in self._groups()}
        found: list[Served] = []
        for kind in KINDS:
            places = (self._place(kind, *each) for each in self._versions(kind, groups))
            if (place := next(filter(None, places), None)) is not None:
                found.append(place)
        return found

    def listed(self, served: Served) -> tuple[Listed, str]:
        """With the version of the list, from which on a watch tells what changes."""
        documents: list[dict[str, Any]] = []
        onward, version = "", ""
        while True:
            query = [("limit", str(_PAGE)), *([("continue", onward)] if onward else [])]
            answer = self._json(served.path, query)
            documents += (_whole(each, served) for each in answer.get("items") or ())
            metadata = answer.get("metadata") or {}
            version, onward = str(metadata.get("resourceVersion") or ""), str(metadata.get("continue") or "")
            if not onward:
                return Listed(served, tuple(documents)), version

    def watch(
        self, served: Served, version: str, over: threading.Event
    ) -> Iterator[tuple[Changed | None, str]]:
        """What changes behind a version, each with the version reached; it ends by itself."""
        query = [
            ("watch", "true"), ("resourceVersion", version), ("allowWatchBookmarks", "true"),
            ("timeoutSeconds", str(_WATCH)),
        ]  # fmt: skip
        response = self._get(served.path, query, _WATCH + _READ)
        try:
            for line in iter_resp_lines(response.response):
                if over.is_set():
                    return
                event = msgspec.json.decode(line)
                document = event["object"]
                if event["type"] == "ERROR":
                    raise _refusal(served.path, int(document.get("code") or 0), str(document.get("message")))
                version = str(document["metadata"].get("resourceVersion") or version)
                if event["type"] == "BOOKMARK":
                    yield None, version
                else:
                    yield Changed(served, _whole(document, served), event["type"] == "DELETED"), version
        except (HTTPError, msgspec.DecodeError, KeyError, TypeError) as error:
            raise UnavailableError(f"The watch on {served.path} broke off ({error}).") from None
        finally:
            response.response.close()  # what was not read of it is of no use to anybody

    def _groups(self) -> list[dict[str, Any]]:
        return self._json("/apis", []).get("groups") or []

    def _versions(self, kind: ManifestKind, groups: Mapping[str, list[str]]) -> list[tuple[str, str]]:
        if not kind.group:
            return [("", "v1")]
        names = (kind.group, _STORED.get(kind.group, ""))
        return [(group, version) for group in names for version in groups.get(group, ())]

    def _place(self, kind: ManifestKind, group: str, version: str) -> Served | None:
        base = f"/apis/{group}/{version}" if group else f"/api/{version}"
        try:
            resources = self._resources(base)
        except BadInputError:
            return None
        if kind.resource not in resources:
            return None
        return Served(kind, f"{group}/{version}" if group else version, f"{base}/{kind.resource}")

    def _resources(self, base: str) -> set[str]:
        return {str(each.get("name")) for each in self._json(base, []).get("resources") or ()}

    def _json(self, path: str, query: list[tuple[str, str]]) -> dict[str, Any]:
        response = self._get(path, query, _READ)
        try:
            return msgspec.json.decode(response.read(), type=dict[str, Any])
        except (HTTPError, msgspec.DecodeError, OSError) as error:
            raise UnavailableError(f"{self.name}{path} gave no JSON ({error}).") from None

    def _get(self, path: str, query: list[tuple[str, str]], patience: float) -> Any:
        asked = self._client.param_serialize(
            "GET", path, query_params=query, header_params={"Accept": "application/json"},
            auth_settings=["BearerToken"],
        )  # fmt: skip
        try:
            response: Any = self._client.call_api(*asked, _request_timeout=(_CONNECT, patience))
        except ApiException as error:
            raise _refusal(path, int(error.status or 0), str(error.reason)) from None
        except (HTTPError, OSError) as error:
            raise UnavailableError(f"{self.name} does not answer ({error}).") from None
        if response.status not in _OK:
            body = response.read()
            raise _refusal(path, response.status, _message(body) or str(response.reason))
        return response


def _whole(document: Mapping[str, Any], served: Served) -> dict[str, Any]:
    """Objects of a list leave out what all of them are."""
    return {"apiVersion": served.version, "kind": served.kind.written, **document}


def _message(body: bytes) -> str:
    try:
        return str(msgspec.json.decode(body, type=dict[str, Any]).get("message") or "")
    except msgspec.DecodeError:
        return ""


def _refusal(path: str, status: int, reason: str) -> Exception:
    if status == _GONE:
        return ExpiredError(reason)
    if status in (401, 403):
        return BadInputError(
            f"The API server refuses {path} ({status}: {reason[:200]}); its user needs list and watch."
        )
    if 400 <= status < 500:  # noqa: PLR2004 - the caller's errors
        return BadInputError(f"The API server has no {path} ({status}: {reason[:200]}).")
    return UnavailableError(f"The API server fails at {path} ({status}: {reason[:200]}).")
