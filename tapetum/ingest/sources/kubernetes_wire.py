"""Requests to a Kubernetes API server through a kubeconfig. Only this module knows the official client."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from kubernetes.client import ApiClient, Configuration
from kubernetes.client.exceptions import ApiException
from kubernetes.config import ConfigException, new_client_from_config
from kubernetes.watch.watch import iter_resp_lines
from urllib3.exceptions import HTTPError
from yaml import YAMLError

from tapetum.domain.errors import (
    BadInputError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    TapetumError,
    UnavailableError,
)

_PAGE = 500
_OK = range(200, 300)
_NOT_FOUND, _CONFLICT, _GONE = 404, 409, 410
Query = list[tuple[str, str]]
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds until a server has to take a connection, and between two pieces of an answer. `again`: what
    fails on the way is asked anew.
    """

    connect: float = 10.0
    read: float = 60.0
    again: bool = True


class ExpiredError(Exception):
    """The server no longer knows what happened since; the kind has to be listed anew."""


class Wire:
    """Raises UnavailableError where the server does not answer, BadInputError where it refuses."""

    def __init__(
        self, kubeconfig: Path | None, context: str | None, way_out: str, patience: Patience | None = None
    ) -> None:
        self._patience = patience or Patience()
        form: Any = Configuration  # its class makes copies of a default where one is set
        configuration = type.__call__(form)
        if not self._patience.again:
            configuration.retries = False
        try:
            self._client: ApiClient = new_client_from_config(
                None if kubeconfig is None else str(kubeconfig), context, client_configuration=configuration
            )
        except (ConfigException, OSError, TypeError, ValueError, YAMLError) as error:
            raise BadInputError(f"The kubeconfig cannot be used: {error}; {way_out}.") from None
        self.name = str(self._client.configuration.host)

    def groups(self) -> Mapping[str, list[str]]:
        """The versions of each group of resources."""
        found = self.json("/apis").get("groups") or []
        return {group["name"]: [each["version"] for each in group["versions"]] for group in found}

    def resources(self, base: str) -> set[str]:
        return {str(each.get("name")) for each in self.json(base).get("resources") or ()}

    def every(self, path: str) -> tuple[list[Document], str]:
        """All objects of a list, with the version from which on a watch tells what changes."""
        documents: list[Document] = []
        onward, version = "", ""
        while True:
            answer = self.json(path, [("limit", str(_PAGE)), *([("continue", onward)] if onward else [])])
            documents += answer.get("items") or ()
            metadata = answer.get("metadata") or {}
            version, onward = str(metadata.get("resourceVersion") or ""), str(metadata.get("continue") or "")
            if not onward:
                return documents, version

    def json(self, path: str, query: Query | None = None) -> Document:
        return self._document(path, self._call("GET", path, query or [], None, self._patience.read))

    @contextmanager
    def lines(self, path: str, query: Query, patience: float) -> Generator[Iterator[str]]:
        """An answer line by line, as it comes; what was not read of it is of no use to anybody."""
        response = self._call("GET", path, query, None, patience + self._patience.read)
        try:
            yield iter_resp_lines(response.response)
        except HTTPError as error:
            raise UnavailableError(f"The watch on {path} broke off ({error}).") from None
        finally:
            response.response.close()

    def create(self, path: str, document: Mapping[str, Any]) -> Document:
        """Raises NotAllowedError where the user may not, ConflictError where it is there already."""
        return self._document(path, self._call("POST", path, [], document, self._patience.read))

    def delete(self, path: str, uid: str) -> None:
        """Raises NotAllowedError where the user may not, NotFoundError where it is gone or is another."""
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid}}
        try:
            self._call("DELETE", path, [], options, self._patience.read).read()
        except ConflictError:
            raise NotFoundError(f"{path} is another one by now; look again.") from None

    def _document(self, path: str, response: Any) -> Document:
        try:
            return msgspec.json.decode(response.read(), type=dict[str, Any])
        except (HTTPError, msgspec.DecodeError, OSError) as error:
            raise UnavailableError(f"{self.name}{path} gave no JSON ({error}).") from None

    def _call(
        self, method: str, path: str, query: Query, body: Mapping[str, Any] | None, patience: float
    ) -> Any:
        headers = {"Accept": "application/json"} | (
            {} if body is None else {"Content-Type": "application/json"}
        )
        asked = self._client.param_serialize(
            method, path, query_params=query, header_params=headers, body=body, auth_settings=["BearerToken"],
        )  # fmt: skip
        try:
            response: Any = self._client.call_api(*asked, _request_timeout=(self._patience.connect, patience))
        except ApiException as error:
            raise _refusal(method, path, int(error.status or 0), str(error.reason)) from None
        except (HTTPError, OSError) as error:
            raise UnavailableError(f"{self.name} does not answer ({error}).") from None
        if response.status not in _OK:
            told = _message(response.read()) or str(response.reason)
            raise _refusal(method, path, response.status, told)
        return response


def _message(body: bytes) -> str:
    try:
        return str(msgspec.json.decode(body, type=dict[str, Any]).get("message") or "")
    except msgspec.DecodeError:
        return ""


def _refusal(method: str, path: str, status: int, told: str) -> Exception:
    if status == _GONE:
        return ExpiredError(told)
    reason = f"{status}: {told[:200]}"
    if status in (401, 403):
        if method == "GET":
            return BadInputError(f"The API server refuses {path} ({reason}); its user needs list and watch.")
        verb = "create" if method == "POST" else "delete"
        return NotAllowedError(f"The API server refuses {path} ({reason}); its user needs {verb}.")
    if 400 <= status < 500:  # noqa: PLR2004 - the caller's errors
        return _mistaken(method, path, status, reason)
    return UnavailableError(f"The API server fails at {path} ({reason}).")


def _mistaken(method: str, path: str, status: int, reason: str) -> TapetumError:
    if status == _CONFLICT:
        return ConflictError(f"The API server has another of this name at {path} ({reason}); take another.")
    if method == "DELETE" and status == _NOT_FOUND:
        return NotFoundError(f"The API server has no {path} any more ({reason}); look again.")
    if method == "POST":
        return BadInputError(f"The API server does not take this at {path} ({reason}).")
    return BadInputError(f"The API server has no {path} ({reason}).")
