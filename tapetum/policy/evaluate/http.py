"""Whether a request is what a rule's HTTP part asks for."""

from collections.abc import Iterator

from tapetum.policy.connection import HttpRequest
from tapetum.policy.evaluate.paths import matches_path
from tapetum.policy.rules import HeaderMatch, HttpMatch
from tapetum.policy.truth import Fact, Match, all_of, any_of, negation, unknown


def requested(wanted: HttpMatch, request: HttpRequest | None) -> Match:
    return all_of(_terms(wanted, request or HttpRequest()))


def _terms(wanted: HttpMatch, request: HttpRequest) -> Iterator[Match]:
    if wanted.methods and "*" not in wanted.methods:
        yield unknown(Fact.HTTP) if request.method is None else request.method in wanted.methods
    if wanted.paths:
        yield any_of(_path(request.path, each.text, prefix=each.prefix) for each in wanted.paths)
    for each in wanted.headers:
        yield _header(each, request)


def _path(path: str | None, text: str, *, prefix: bool) -> Match:
    return unknown(Fact.HTTP) if path is None else matches_path(path, text, prefix=prefix)


def _header(wanted: HeaderMatch, request: HttpRequest) -> Match:
    if request.headers is None:
        return unknown(Fact.HTTP)
    held = [value for name, value in request.headers if name == wanted.header]
    match wanted.operator:
        case "Exists":
            return bool(held)
        case "DoesNotExist":
            return not held
        case "In":
            return any(value in wanted.values for value in held)
        case "NotIn":
            return negation(any(value in wanted.values for value in held))
        case "HasPrefix":
            return any(value.startswith(wanted.values) for value in held)
        case _:
            return any(value.endswith(wanted.values) for value in held)
