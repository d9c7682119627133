"""Documents to resources, all of them or a problem for each that is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tapetum.policy.documents import Document, Place, Problem, read
from tapetum.policy.documents.problem import Refused, printable, shown
from tapetum.policy.resources.endpoints import Profile
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.keys import Key, key_of
from tapetum.policy.resources.kinds import READERS, Resource, silent
from tapetum.policy.resources.metadata import check_metadata
from tapetum.policy.resources.policies import Policy, Tier
from tapetum.policy.resources.services import Service

_LONGEST_PATH, _LONGEST_NAME = 400, 253


@dataclass(frozen=True, slots=True)
class Manifest:
    """A resource, and the document that it was read from."""

    place: Place
    document: dict[str, Any]
    resource: Resource

    @property
    def key(self) -> Key:
        return key_of(self.resource)


@dataclass(frozen=True, slots=True)
class Manifests:
    """Apply `manifests` only where there are no problems. `passed_over` says nothing about policies."""

    manifests: tuple[Manifest, ...]
    problems: tuple[Problem, ...] = ()
    forgiven: tuple[Problem, ...] = ()
    passed_over: tuple[Document, ...] = ()

    @property
    def resources(self) -> tuple[Resource, ...]:
        return tuple(each.resource for each in self.manifests)


def read_manifests(
    texts: Iterable[tuple[str, bytes | str]], *, lenient: bool = False, stored: bool = False
) -> Manifests:
    """From (source, text).

    `lenient` passes over kinds that are not known, leaves out fields that do not exist, and takes the
    last of two documents of one object: all that is `forgiven`, with where it stood. `stored` objects
    come from the datastore itself: defaults that an API server fills in (a policy's types) are missing.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    sources: dict[str, int] = {}
    for source, text in texts:
        sources.setdefault(source, len(sources))
        reading = read(text, source)
        documents += reading.documents
        problems += reading.problems
    found = resolve(documents, lenient=lenient, stored=stored)
    # As one reads, whether it was the text or the object that was wrong.
    told = sorted(
        (*problems, *found.problems), key=lambda one: (sources[one.place.source], *one.place.within)
    )
    return replace(found, problems=tuple(told))


def resolve(documents: Iterable[Document], *, lenient: bool = False, stored: bool = False) -> Manifests:
    found: dict[Key, Manifest] = {}
    problems: list[Problem] = []
    forgiven: list[Problem] = []
    passed_over: list[Document] = []
    for document in documents:
        pardons: list[Refused] | None = [] if lenient else None
        try:
            fields = Fields(document.value, forgiven=pardons, stored=stored)
            resource = _resource(fields)
            if resource is None:
                passed_over.append(document)
            else:
                manifest = Manifest(document.place, document.value, resource)
                if manifest.key in found:
                    place = found[manifest.key].place
                    fields.forgive(Refused(f"it is given twice, first at {place}; keep one."))
                found[manifest.key] = manifest
        except Refused as error:
            problems.append(_problem(document, error))
        forgiven += [_problem(document, error) for error in pardons or ()]
    return Manifests(tuple(found.values()), tuple(problems), tuple(forgiven), tuple(passed_over))


def _resource(fields: Fields) -> Resource | None:
    version, kind = fields.text("apiVersion"), fields.text("kind")
    if not version or not kind:
        missing = "kind" if version else "apiVersion"
        raise fields.wrong(missing, "it is missing; every object has an apiVersion and a kind.")
    reader = READERS.get(version, {}).get(kind)
    if reader is not None:
        resource = reader(fields)
        unread = isinstance(resource, Policy | Tier | Profile | Service)
        check_metadata(fields.fields("metadata"), labels=unread)
        return resource
    if not silent(version, kind):
        known = sorted(each for each, readers in READERS.items() if kind in readers)
        hint = f"{kind} is read from {' or '.join(known)}" if known else "leave it out, or read leniently"
        fields.forgive(fields.wrong("kind", f"{shown(kind)} of {shown(version)} is not known here; {hint}."))
    return None


def _problem(document: Document, error: Refused) -> Problem:
    path = printable(error.path, _LONGEST_PATH)  # it may hold keys as they were given
    return Problem(document.place, error.message, _named(document.value), path)


def _named(document: dict[str, Any]) -> str:
    """The object as far as it can be named: what is wrong may be the name itself."""
    kind = document.get("kind")
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    namespace = metadata.get("namespace") if isinstance(metadata, dict) else None
    parts = [each for each in (namespace, name) if isinstance(each, str)]
    words = [kind if isinstance(kind, str) else "", "/".join(parts)]
    return " ".join(printable(each, _LONGEST_NAME) for each in words if each)
