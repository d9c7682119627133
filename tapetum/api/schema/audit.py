"""An audit record: who asked the API server for what, and what became of it."""

from typing import ClassVar

import strawberry
from strawberry import field

from tapetum.api.schema.flow_links import flows
from tapetum.api.schema.log import LogRecord, describe
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.use.lines import member_of_line
from tapetum.api.use.policy_links import flows_of_change
from tapetum.domain.batches import RecordKind


@strawberry.type(description="Who asked.")
class AuditUser:
    username: str | None
    uid: str | None
    groups: list[str] | None


@strawberry.type(description="In whose name it was asked.")
class AuditImpersonatedUser:
    username: str | None


@strawberry.type(description="The object that a request was about.")
class AuditObjectRef:
    resource: str | None
    namespace: str | None
    name: str | None
    uid: str | None
    api_group: str | None = field(name="apiGroup")
    api_version: str | None = field(name="apiVersion")
    resource_version: str | None = field(name="resourceVersion")
    subresource: str | None


@strawberry.type(description="What was answered.")
class AuditResponseStatus:
    code: int | None
    status: str | None
    reason: str | None
    message: str | None


@strawberry.type(description="An audit record of the Kubernetes API: one stage of one request.")
class AuditLog(LogRecord):
    kind_of_record: ClassVar[RecordKind] = RecordKind.AUDIT

    audit_id: str | None = field(name="auditID")
    level: str | None
    stage: str | None
    request_uri: str | None = field(name="requestURI")
    verb: str | None
    user: AuditUser | None = field(description="Who asked.")
    impersonated_user: AuditImpersonatedUser | None = field(
        name="impersonatedUser", description="In whose name it was asked; null where in one's own."
    )
    source_ips: list[str] | None = field(name="sourceIPs")
    user_agent: str | None = field(name="userAgent")
    object_ref: AuditObjectRef | None = field(
        name="objectRef", description="The object that it was about; null where about none."
    )
    response_status: AuditResponseStatus | None = field(
        name="responseStatus", description="What was answered; null before an answer."
    )
    request_received_timestamp: TimePoint = field(name="requestReceivedTimestamp")
    stage_timestamp: TimePoint | None = field(name="stageTimestamp")
    annotations: list[str] | None

    @field(description="The object that was sent, as JSON; null where the line has none.")
    async def request_object(self) -> str | None:
        return member_of_line(await self.lines.get(self.record["id"]), "requestObject")

    @field(description="The object that was answered, as JSON; null where the line has none.")
    async def response_object(self) -> str | None:
        return member_of_line(await self.lines.get(self.record["id"]), "responseObject")

    flows = flows(
        "Flows that the policy, or the end of the tier, decided in the hour before and after; "
        "none where the object is neither.",
        flows_of_change,
    )


describe(AuditLog, RecordKind.AUDIT)
describe(AuditUser, RecordKind.AUDIT, "user.")
describe(AuditImpersonatedUser, RecordKind.AUDIT, "impersonatedUser.")
describe(AuditObjectRef, RecordKind.AUDIT, "objectRef.")
describe(AuditResponseStatus, RecordKind.AUDIT, "responseStatus.")
