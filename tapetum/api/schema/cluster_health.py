"""The health of clusters over a range. Each part is read only when it is selected."""

from typing import Annotated

import strawberry
from strawberry import Private, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import ClustersArgument, RangeArgument, TimeRange, point
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.use import cluster_health as use
from tapetum.api.use.cluster_health.answers import CODES


@strawberry.type(description="Why a figure is null.")
class MissingFigure:
    figure: str = field(description="Its field.")
    reason: str = field(description="Why it is not known, in a sentence.")


_MISSING = "Why figures of this part are null; empty where none is."


def _missing(missing: use.Missing) -> list[MissingFigure]:
    return [MissingFigure(figure=_camel(name), reason=reason) for name, reason in missing.items()]


@strawberry.type(description="Policies as of the range's end, as `policyBoard` has them.")
class PolicyHealth:
    policies: int | None = field(description="How many manifests describe, staged ones too.")
    staged: int | None = field(description="How many of these are staged.")
    unused: int | None = field(description="How many select nobody, or are named by no flow of the range.")
    denying: int | None = field(
        description="How many policies in force denied something, those that no manifest describes too; the "
        "end of a tier is none."
    )
    clusters_without_manifests: list[str] = field(
        description="Clusters whose logs are here and whose manifests are not."
    )
    missing: list[MissingFigure] = field(description=_MISSING)

    @classmethod
    def of(cls, found: use.Policies) -> "PolicyHealth":
        return cls(
            policies=found.policies,
            staged=found.staged,
            unused=found.unused,
            denying=found.denying,
            clusters_without_manifests=list(found.without),
            missing=_missing(found.missing),
        )


@strawberry.type(description="What runs, and what was seen to talk.")
class EndpointHealth:
    endpoints: int | None = field(
        description="Pods with a network of their own and host endpoints, by manifests as of the range's end."
    )
    namespaces: int | None = field(description="Namespaces that logs ever named.")
    workloads: int | None = field(description="Workloads that logs ever named in them.")
    callers: int | None = field(
        description="Workloads that flows of the range come from; with a namespace, those in it."
    )
    called: int | None = field(
        description="Workloads that flows of the range go to; with a namespace, those in it."
    )
    services: int | None = field(description="Services that flows of the range went through.")
    missing: list[MissingFigure] = field(description=_MISSING)

    @classmethod
    def of(cls, found: use.Endpoints) -> "EndpointHealth":
        return cls(
            endpoints=found.endpoints,
            namespaces=found.namespaces,
            workloads=found.workloads,
            callers=found.callers,
            called=found.called,
            services=found.services,
            missing=_missing(found.missing),
        )


@strawberry.type(description="Processes that flows name.")
class ProcessHealth:
    names: int | None = field(description="Different names; `*`, which stands for many, counts once.")
    approximate: bool = field(
        description="Whether there were too many to be counted exactly, and it is an estimate."
    )
    missing: list[MissingFigure] = field(description=_MISSING)

    @classmethod
    def of(cls, found: use.Processes) -> "ProcessHealth":
        return cls(names=found.names, approximate=found.approximate, missing=_missing(found.missing))


@strawberry.type(description="Connections of the range, each counted once, whoever reported it.")
class ConnectionHealth:
    allowed: BigInt | None = field(description="Those that were let through.")
    denied: BigInt | None = field(description="Those that a policy stopped.")
    bytes_to_target: BigInt | None = field(description="Bytes from who called to who was called.")
    bytes_to_source: BigInt | None = field(description="Bytes back.")
    missing: list[MissingFigure] = field(description=_MISSING)

    @classmethod
    def of(cls, found: use.Connections) -> "ConnectionHealth":
        return cls(
            allowed=_big(found.allowed),
            denied=_big(found.denied),
            bytes_to_target=_big(found.bytes_to_target),
            bytes_to_source=_big(found.bytes_to_source),
            missing=_missing(found.missing),
        )


@strawberry.type(description="Requests that were answered alike.")
class CodeCount:
    code: str | None = field(description="The code; null where the log does not tell it.")
    requests: BigInt = field(description="How many requests.")


@strawberry.type(description="Requests of the range, of DNS or HTTP.")
class RequestHealth:
    requests: BigInt | None = field(
        description="How many; of DNS also those that were only counted, of a mesh those that the server's "
        "proxy reports."
    )
    failures: BigInt | None = field(
        description="Those that failed: of DNS with any code but NoError, of HTTP with one from 500 on."
    )
    mean: float | None = field(description="Mean time to the answer in nanoseconds, weighed by requests.")
    longest: BigInt | None = field(description="Longest time to an answer in nanoseconds.")
    codes: list[CodeCount] = field(description=f"By response code, most frequent first, at most {CODES}.")
    missing: list[MissingFigure] = field(description=_MISSING)

    @classmethod
    def of(cls, found: use.Answers) -> "RequestHealth":
        return cls(
            requests=_big(found.requests),
            failures=_big(found.failures),
            mean=found.mean,
            longest=_big(found.longest),
            codes=[CodeCount(code=code, requests=BigInt(count)) for code, count in found.codes],
            missing=_missing(found.missing),
        )


_PART = {"searches": 4}
"""What each part asks of the stores, about."""


@strawberry.type(
    description="What runs, talks and answers. A figure that logs and manifests do not tell is null, and "
    "`missing` beside it says why. A part that could not be read is null, and the error says why."
)
class ClusterHealth:
    asked: Private[use.HealthAsked]

    @field(description="The range that was asked about.")
    def range(self) -> TimeRange:
        return TimeRange.of(self.asked.range)

    @field(description="When it was answered.")
    def as_of(self) -> TimePoint:
        return point(self.asked.asked.now)

    @field(description="The namespace that it is about; null is all.")
    def namespace(self) -> str | None:
        return self.asked.namespace

    @field(description="Policies, and what they did.", metadata=_PART)
    async def policies(self) -> PolicyHealth | None:
        return PolicyHealth.of(await use.policies(self.asked))

    @field(description="Endpoints, workloads and services.", metadata=_PART)
    async def endpoints(self) -> EndpointHealth | None:
        return EndpointHealth.of(await use.endpoints(self.asked))

    @field(description="Processes.", metadata=_PART)
    async def processes(self) -> ProcessHealth | None:
        return ProcessHealth.of(await use.processes(self.asked))

    @field(description="Connections and bytes.", metadata=_PART)
    async def connections(self) -> ConnectionHealth | None:
        return ConnectionHealth.of(await use.connections(self.asked))

    @field(description="DNS requests.", metadata=_PART)
    async def dns(self) -> RequestHealth | None:
        return RequestHealth.of(await use.dns(self.asked))

    @field(description="HTTP requests.", metadata=_PART)
    async def http(self) -> RequestHealth | None:
        return RequestHealth.of(await use.http(self.asked))


def resolve(
    info: Info,
    within: RangeArgument,
    namespace: Annotated[
        str | None,
        argument(description="Only what names this namespace at either end, in any cluster; null is all."),
    ] = None,
    clusters: ClustersArgument = None,
) -> ClusterHealth:
    asked = info.context
    return ClusterHealth(asked=use.health_asked(asked, within.read(asked), clusters, namespace))


def _big(value: int | None) -> BigInt | None:
    return None if value is None else BigInt(value)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
