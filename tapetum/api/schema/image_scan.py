"""Bringing in results of image scans."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from tapetum.api.context import Info
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.scalars import JSON
from tapetum.api.use.image_scans import import_scans
from tapetum.domain.image_scans import ScansRead


@strawberry.type(description="What was brought in of a scanner's report.")
class ScanImport:
    images: int = field(description="Images that it is of; what was known of them before counts no more.")
    grave: int = field(description="Those among them with critical or high flaws.")
    passed_over: int = field(description="Parts of the report that are of no image.")
    problems: list[Problem] = field(description="Why nothing was brought in.")

    @classmethod
    def of(cls, found: ScansRead | None, problems: list[Problem]) -> "ScanImport":
        read = found or ScansRead(())
        return cls(
            images=len(read.scans),
            grave=sum(scan.grave for scan in read.scans),
            passed_over=read.passed_over,
            problems=problems,
        )


@strawberry.type
class ScanRoots:
    """Fields of the Query root."""

    @field(description="Whether the caller may bring in results of image scans.")
    def may_import_scans(self, info: Info) -> bool:
        return info.context.scope.everything


@strawberry.type
class ScanMutations:
    """Fields of the Mutation root."""

    @strawberry.mutation(
        description="Bring in what a scanner found in images that a cluster runs, for the posture: the JSON "
        "of Trivy, its operator or Grype (docs/posture.md). It counts for 30 days."
    )
    async def import_scans(
        self,
        info: Info,
        cluster: Annotated[str, argument(description="Name of the cluster.")],
        report: Annotated[
            JSON,
            argument(
                description="The scanner's report, as it is. As a text (a string with the JSON in it) it may "
                "have 16 MiB; as JSON no more than any other variables."
            ),
        ],
    ) -> ScanImport:
        return ScanImport.of(*await attempt(import_scans(info.context, cluster, report)))
