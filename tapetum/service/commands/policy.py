"""`tapetum policy`: read manifests and say what is wrong with them, or what they decide."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.policy_trace import format_hit
from tapetum.policy.addresses import parse_address
from tapetum.policy.connection import Connection, HttpRequest, Peer
from tapetum.policy.evaluate import evaluate
from tapetum.policy.resources.manifests import Manifest, Manifests, read_manifests
from tapetum.policy.rules import ServiceRef, protocol_name
from tapetum.policy.state import ClusterState, LoggedEnd
from tapetum.policy.trace import Evaluation, Judgement, Trace, Verdict
from tapetum.service.console import say
from tapetum.service.manifest_files import texts

policy = App(
    name="policy", help="Check manifests, say what their policies decide, bring them in, and write new ones."
)
policy.command("tapetum.service.commands.policy_import:policy_import", name="import")
policy.command("tapetum.service.commands.policy_diff:policy_diff", name="diff")
policy.command("tapetum.service.commands.policy_watch:policy_watch", name="watch")
policy.command("tapetum.service.commands.policy_recommend:policy_recommend", name="recommend")

_WRONG = 1
_UNCERTAIN = 3
_EXITS = {Verdict.ALLOW: 0, Verdict.DENY: _WRONG, Verdict.UNCERTAIN: _UNCERTAIN}
Paths = Annotated[list[Path], Parameter(help="Files, directories, or - for standard input.")]
Lenient = Annotated[
    bool, Parameter(help="Pass over unknown kinds and fields, and say so, instead of refusing them.")
]
AsJson = Annotated[bool, Parameter(name="--json", help="Print the answer as JSON.")]


@policy.command
def check(paths: Paths, /, *, lenient: Lenient = False, as_json: AsJson = False) -> None:
    """Say what is wrong with manifests, one sentence per object. Exits 1 if anything is."""
    found = read_manifests(texts(paths), lenient=lenient)
    notes = [*map(str, found.forgiven), *_notes(found)]
    if as_json:
        kinds = Counter(manifest.key.kind for manifest in found.manifests)
        answer = {"objects": kinds, "problems": [str(each) for each in found.problems], "notes": notes}
        print(json.dumps(answer, indent=2))  # noqa: T201 - the answer, for a pipe
    else:
        for each in (*found.problems, *notes):
            say(str(each))
        say(
            f"{len(found.manifests)} objects read, {len(found.passed_over)} passed over, "
            f"{len(found.problems)} wrong."
        )
    sys.exit(_WRONG if found.problems else 0)


@policy.command(name="eval")
def eval_(
    paths: Paths,
    /,
    *,
    source: Annotated[str, Parameter(name="--from", help="NAMESPACE/POD, host:NAME, or an address.")],
    destination: Annotated[str, Parameter(name="--to", help="NAMESPACE/POD, host:NAME, or an address.")],
    protocol: Annotated[str, Parameter(help="A protocol's name or number.")] = "tcp",
    port: Annotated[int | None, Parameter(help="The destination's port.")] = None,
    source_port: Annotated[int | None, Parameter(help="The source's port.")] = None,
    icmp_type: Annotated[int | None, Parameter(help="The ICMP type.")] = None,
    icmp_code: Annotated[int | None, Parameter(help="The ICMP code.")] = None,
    service: Annotated[str | None, Parameter(help="NAMESPACE/NAME of the service asked.")] = None,
    domain: Annotated[list[str] | None, Parameter(help="A name that --to was looked up by.")] = None,
    method: Annotated[str | None, Parameter(help="The HTTP method.")] = None,
    path: Annotated[str | None, Parameter(help="The HTTP path.")] = None,
    lenient: Lenient = False,
    as_json: AsJson = False,
) -> None:
    """Say what decides a connection, with the trace of both ends.

    Exits 0 where it is allowed, 1 where it is denied, 3 where the manifests do not tell.
    """
    state = state_of(paths, lenient=lenient)
    named = protocol_name(protocol)
    if named is None:
        raise BadInputError(f"{protocol[:40]!r} is not a protocol; write tcp, udp, icmp, sctp or a number.")
    found = evaluate(
        state,
        Connection(
            _end(state, source, None),
            _end(state, destination, tuple(domain) if domain else None),
            named,
            port,
            source_port,
            icmp_type,
            icmp_code,
            service=_service(service),
            http=HttpRequest(method, path) if method or path else None,
        ),
    )
    if as_json:
        print(json.dumps(_json(found), indent=2))  # noqa: T201 - the answer, for a pipe
    else:
        print("\n".join(_lines(found)))  # noqa: T201
    sys.exit(_EXITS[found.verdict])


def _notes(found: Manifests) -> list[str]:
    state = ClusterState(found.resources)
    lost = [f"{each.id.kind.value} {each.id.name}: {note}" for each in state.policies for note in each.notes]
    unknown = [
        f"No document describes the tier {tier.name}; it is taken to come last and to deny."
        for tier in state.tiers
        if not tier.defined
    ]
    return lost + unknown


def state_of(paths: Sequence[Path], *, lenient: bool) -> ClusterState:
    return ClusterState(each.resource for each in manifests_of(paths, lenient=lenient))


def manifests_of(paths: Sequence[Path], *, lenient: bool) -> tuple[Manifest, ...]:
    found = read_manifests(texts(paths), lenient=lenient)
    if found.problems:
        first, more = found.problems[0], len(found.problems) - 1
        rest = f" {more} more are wrong; `tapetum policy check` lists them." if more else ""
        raise BadInputError(f"{first}{rest}")
    return found.manifests


def _end(state: ClusterState, text: str, domains: tuple[str, ...] | None) -> Peer:
    """An address that no endpoint has is outside, and its names are those given, or unknown."""
    kind, colon, name = text.partition(":")
    if colon and kind == "host":
        found = state.host(name)
        if found is None:
            raise BadInputError(f"No host endpoint is called {name[:80]!r}; the manifests may lack it.")
        return found
    namespace, slash, name = text.partition("/")
    if not slash:
        try:
            parse_address(text)
        except ValueError:
            raise BadInputError(
                f"{text[:80]!r} is no end of a connection; write NAMESPACE/POD, host:NAME or an address."
            ) from None
        return state.at(text, domains)
    if (namespace, name) in state.groups:
        return state.logged(LoggedEnd(EndpointKind.WORKLOAD, namespace, aggregate=name))
    found = state.pod(namespace, name)
    if found is None:
        raise BadInputError(f"No pod is called {text[:80]!r}; name one that the manifests hold.")
    return found


def _service(text: str | None) -> ServiceRef | None:
    if text is None:
        return None
    namespace, slash, name = text.partition("/")
    if not slash or not namespace or not name:
        raise BadInputError(f"{text[:80]!r} is not a service; write NAMESPACE/NAME.")
    return ServiceRef(namespace, name)


def _lines(found: Evaluation) -> list[str]:
    lines = [f"{found.verdict.value} ({found.pending_verdict.value} with staged policies in force)"]
    for judged in (found.egress, found.ingress):
        if judged is None:
            continue
        pending = judged.pending != judged.enforced
        for name, trace in (("", judged.enforced), *((("pending ", judged.pending),) if pending else ())):
            lines.append(f"{name}{judged.direction.value.lower()}: {trace.verdict.value}")
            lines += [f"  {format_hit(hit)}" for hit in trace.hits]
            lines += [f"  ? {doubt}" for doubt in trace.doubts]
    return lines


def _json(found: Evaluation) -> dict[str, Any]:
    return {
        "verdict": found.verdict.value,
        "pendingVerdict": found.pending_verdict.value,
        "egress": _side(found.egress),
        "ingress": _side(found.ingress),
    }


def _side(judged: Judgement | None) -> dict[str, Any] | None:
    return (
        None if judged is None else {"enforced": _trace(judged.enforced), "pending": _trace(judged.pending)}
    )


def _trace(trace: Trace) -> dict[str, Any]:
    return {
        "verdict": trace.verdict.value,
        "policies": [format_hit(hit) for hit in trace.hits],
        "documentRules": [step.origin for step in trace.steps],
        "doubts": [str(each) for each in trace.doubts],
    }
