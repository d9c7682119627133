"""Mutations of a server's GraphQL, as commands send them: what was made, or one sentence why not."""

from typing import Any, TypeVar

import httpx
import msgspec

from tapetum.domain.errors import BadInputError, UnavailableError

T = TypeVar("T")

_PATIENCE = 120.0


class GraphQLClient:
    def __init__(self, url: str, token: str | None) -> None:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        try:
            self._http = httpx.Client(base_url=url, headers=headers, timeout=_PATIENCE)
        except (httpx.InvalidURL, ValueError):
            raise BadInputError(f"{url[:80]!r} is no address; give one like http://127.0.0.1:8080.") from None

    def change(self, mutation: str, variables: dict[str, Any], form: type[T], what: str) -> T:
        """The thing that the only field of the mutation answers beside its problems.

        `what` is what the server is sent, for the sentence that it refused it.
        """
        try:
            answer = self._http.post("/graphql", json={"query": mutation, "variables": variables})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnavailableError(
                f"{self._http.base_url} does not answer ({error}); start it, or correct --url."
            ) from None
        try:
            told: dict[str, Any] = answer.json()
            errors: list[dict[str, Any]] = told.get("errors") or []
            done: dict[str, Any] = next(iter((told.get("data") or {}).values()), None) or {}
            problems = [str(each["message"]) for each in (errors or done.pop("problems"))]
            if not problems:
                return msgspec.convert(next(iter(done.values())), form)
        except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
            problems = [f"it answered {answer.status_code}."]
        raise BadInputError(f"{self._http.base_url} refused {what}: {problems[0]}")
