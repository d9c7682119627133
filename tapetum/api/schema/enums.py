"""The enums of the schema: most are the domain's own, under their GraphQL names."""

from enum import Enum, StrEnum
from typing import Any

import strawberry

from tapetum.api.use.posture_actions import PosturePage
from tapetum.capture.matching import Basis as CaptureBasis
from tapetum.capture.resource import CaptureState
from tapetum.domain.alert_rules import Condition
from tapetum.domain.alerts import Status
from tapetum.domain.batches import RecordKind
from tapetum.domain.clusters import Receiving
from tapetum.domain.edge_figures import EdgeMeasure
from tapetum.domain.endpoints import NodeKind
from tapetum.domain.flows import Reporter
from tapetum.domain.graph_comparison import EdgeChange
from tapetum.domain.manifests import HowChanged, Origin
from tapetum.domain.metrics import Op
from tapetum.domain.policies import PolicySide
from tapetum.domain.policy_trace import Action, PolicySet
from tapetum.domain.receivers import ReceiverKind
from tapetum.domain.service_graph import Direction, Level
from tapetum.domain.traffic import ReporterRule
from tapetum.domain.unanswered import Cause
from tapetum.domain.views import ViewPage
from tapetum.policy import trace
from tapetum.policy.analysis import Basis, FindingKind
from tapetum.policy.recommend import Style
from tapetum.policy.recommend.edges import Why
from tapetum.policy.resources.policies import StagedAction
from tapetum.policy.whatif import Change
from tapetum.posture import Component


class Verdict(StrEnum):
    ALLOWED = "allowed"
    DENIED = "denied"


class CompletionKind(StrEnum):
    FIELD = "field"
    OPERATOR = "operator"
    KEYWORD = "keyword"
    VALUE = "value"


class OrderDirection(StrEnum):
    ASC = "asc"
    DESC = "desc"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class LoadMeasure(StrEnum):
    CONNECTIONS = "connections"
    BYTES_TO_TARGET = "bytes_to_target"
    BYTES_TO_SOURCE = "bytes_to_source"


_CRITICAL, _HIGH, _MEDIUM = 90, 70, 40


def level_of(severity: int) -> Severity:
    """How people read a severity from 1 to 100; the steps are CVSS's, times ten."""
    if severity >= _CRITICAL:
        return Severity.CRITICAL
    if severity >= _HIGH:
        return Severity.HIGH
    return Severity.MEDIUM if severity >= _MEDIUM else Severity.LOW


def _show(enum: type[Enum], name: str, description: str, values: dict[str, str]) -> None:
    strawberry.enum(enum, name=name, description=description)
    definition: Any = enum.__strawberry_definition__  # type: ignore[attr-defined] # set by the line above
    for value in definition.values:
        value.description = values[value.name]


_show(
    RecordKind,
    "RecordKind",
    "Which records are asked.",
    {
        "FLOWS": "Flow logs.",
        "DNS": "DNS logs.",
        "L7": "L7 logs: HTTP requests and TLS connections.",
        "AUDIT": "Audit logs of the Kubernetes API.",
        "BGP": "BGP logs: lines of BIRD.",
        "EVENTS": "Security events that other programs made.",
        "ALERTS": "Alerts that detectors raised.",
    },
)
_show(
    Level,
    "GraphLevel",
    "How far the service graph is folded.",
    {
        "NAMESPACE": "Whatever lives in a namespace is folded into it, unless the namespace is expanded.",
        "SERVICE": "Workloads are folded into the service that they stand behind, and services that share "
        "workloads into one, unless the service or the namespace is expanded. What is no workload and was "
        "called by a service is an edge to the service.",
        "WORKLOAD": "Every workload is a node.",
    },
)
_show(
    EdgeMeasure,
    "EdgeMeasure",
    "A figure of an edge that its counters do not tell.",
    {
        "RTT": "Mean smoothed round-trip time of TCP in microseconds, over the records that measured one; "
        "each end measures its own.",
        "RETRANSMISSIONS": "TCP segments sent again, by either end.",
        "DNS_LATENCY": "Mean latency of lookups in microseconds. The graph's filter does not bear on "
        "lookups.",
        "DNS_FAILURES": "Lookups that the server could not answer: neither NoError nor NXDomain, which is an "
        "answer. The graph's filter does not bear on lookups.",
        "HTTP_ERRORS": "Requests that were answered 5xx. The graph's filter does not bear on requests.",
    },
)
_show(
    NodeKind,
    "NodeKind",
    "What a node of the service graph stands for.",
    {
        "NAMESPACE": "A namespace with all that lives in it.",
        "SERVICE": "Kubernetes services that share workloads, with the workloads behind them.",
        "WORKLOAD": "Pods of one origin, such as a Deployment.",
        "HOST": "A host endpoint.",
        "NETWORK_SET": "A named set of addresses or domains.",
        "NETWORK": "The public or the private network outside of the cluster.",
        "FQDN": "A domain outside of the cluster.",
    },
)
_show(
    Reporter,
    "Reporter",
    "Which end of a connection wrote a record.",
    {
        "SRC": "The source: what left it.",
        "DST": "The destination: what reached it.",
        "FWD": "A node that the traffic passed; shown, never added to a total.",
    },
)
_show(
    Verdict,
    "Verdict",
    "What became of a connection.",
    {"ALLOWED": "It was let through.", "DENIED": "It was stopped by a policy."},
)
_show(
    Action,
    "Action",
    "What one rule, or a tier's end, did.",
    {"ALLOW": "Let it through.", "DENY": "Stopped it.", "PASS": "Left it to the next tier."},
)
_show(
    Direction,
    "Direction",
    "Along which way edges are followed.",
    {"OUTGOING": "From source to target.", "INCOMING": "From target to source.", "BOTH": "Either way."},
)
_show(
    OrderDirection,
    "OrderDirection",
    "Which end of an order comes first.",
    {"ASC": "Smallest, or oldest, first.", "DESC": "Largest, or newest, first."},
)
_show(
    Severity,
    "Severity",
    "A severity from 1 to 100 as people read it.",
    {"LOW": "Below 40.", "MEDIUM": "From 40.", "HIGH": "From 70.", "CRITICAL": "From 90."},
)
_show(
    ReceiverKind,
    "ReceiverKind",
    "What alerts are sent to.",
    {
        "WEBHOOK": "Any server that takes JSON by HTTP.",
        "SLACK": "An incoming webhook of Slack.",
        "JIRA": "A project of Jira, in which each alert becomes an issue.",
        "ALERTMANAGER": "Prometheus' Alertmanager.",
        "SYSLOG": "A syslog server that reads CEF.",
    },
)
_show(
    Status,
    "AlertStatus",
    "What became of an alert.",
    {
        "OPEN": "Nobody has looked at it yet.",
        "ACKNOWLEDGED": "Somebody is on it.",
        "DISMISSED": "It was judged to be harmless.",
    },
)
_show(
    PolicySet,
    "PolicySet",
    "Which evaluation a policy's decision belongs to.",
    {
        "ENFORCED": "What decided the connection.",
        "PENDING": "What would decide it now, with staged policies active.",
        "TRANSIT": "What it passed on its way.",
    },
)
_show(
    PolicySide,
    "PolicySide",
    "Which traffic of an endpoint a policy was applied to.",
    {"EGRESS": "What leaves it.", "INGRESS": "What reaches it."},
)
_show(
    EdgeChange,
    "EdgeChange",
    "What became of an edge beside an earlier range; the first that is true.",
    {
        "VERDICT": "What was only allowed is denied too, or the like.",
        "NEW": "It carried nothing before.",
        "GONE": "It carries nothing now.",
        "VOLUME": "Attempts by the second are more than `factor` times those before, or less than that "
        "part of them, and by more than chance.",
        "SAME": "None of these.",
    },
)
_show(
    HowChanged,
    "HowChanged",
    "What became of an object.",
    {
        "CREATED": "It was made, as the audit log tells.",
        "EDITED": "It was changed.",
        "DELETED": "It was removed.",
        "FIRST_KNOWN": "An import or a watch brought it in; it may have been there before.",
    },
)
_show(
    Change,
    "PolicyEffect",
    "What a change of policies would have done to a connection.",
    {
        "UNCHANGED": "Nothing.",
        "NEWLY_DENIED": "It was allowed and would be denied.",
        "NEWLY_ALLOWED": "It was denied and would be allowed.",
        "UNCERTAIN": "The change bears on it, and what is known of it does not tell the outcome.",
    },
)
_show(
    Op,
    "MetricOp",
    "How the records of a group become one value.",
    {
        "COUNT": "How many there are; with a field, how many have it.",
        "SUM": "The field's sum; null where no record has it.",
        "AVG": "The field's mean. A field that is itself a mean is weighed by what it is a mean of.",
        "MIN": "The field's smallest value; of a time, microseconds since 1970 UTC.",
        "MAX": "The field's largest value; of a time, microseconds since 1970 UTC.",
        "DISTINCT": "How many different values the field has.",
    },
)
_show(
    Condition,
    "AlertCondition",
    "How a window's value stands to a bound.",
    {
        "GT": "Greater.",
        "GTE": "At least.",
        "LT": "Less.",
        "LTE": "At most.",
        "EQ": "Equal.",
        "NOT_EQ": "Not equal.",
    },
)
_show(
    ReporterRule,
    "ReporterRule",
    "Source and destination of a connection may both report it: what then counts.",
    {
        "COMBINED": "What was allowed counts once, by the destination where it reported, else by the source; "
        "what was denied counts by whoever denied it; transit never counts. Only this adds up to totals.",
        "EACH": "Every record counts, transit too: for looking at reports, not for totals.",
    },
)
_show(
    Receiving,
    "ClusterState",
    "How long ago the newest record of a cluster began.",
    {
        "RECEIVING": "Up to ten minutes.",
        "LATE": "Up to an hour.",
        "SILENT": "Longer.",
        "NEVER": "No record of it is stored.",
    },
)
_show(
    Cause,
    "UnansweredCause",
    "Why something that a source was allowed to send had no reply.",
    {
        "DROPPED": "A policy at the destination denied it.",
        "NO_ANSWER": "It arrived and was let in; the server sent nothing.",
        "REPLY_LOST": "The server answered in several windows, and the reply never arrived.",
        "UNSEEN": "Nothing is known behind the source: a firewall, a dead server or an asymmetric route.",
        "UNCLEAR": "The server may have answered in another window, or its log does not say.",
    },
)
_show(
    LoadMeasure,
    "LoadMeasure",
    "What load is measured by.",
    {
        "CONNECTIONS": "Connections started.",
        "BYTES_TO_TARGET": "Bytes that went from source to target.",
        "BYTES_TO_SOURCE": "Bytes that came back from target to source.",
    },
)
_show(
    CompletionKind,
    "CompletionKind",
    "What can be typed next in a filter.",
    {
        "FIELD": "A field.",
        "OPERATOR": "An operator, or what closes a group.",
        "KEYWORD": "and, or.",
        "VALUE": "A value of the field.",
    },
)

_show(
    Origin,
    "ManifestOrigin",
    "What told of a manifest.",
    {
        "IMPORT": "Somebody imported it.",
        "WATCH": "A watch on the cluster's API.",
        "AUDIT": "The cluster's audit log.",
    },
)
_show(
    trace.Verdict,
    "EvaluatedVerdict",
    "What an evaluation comes to.",
    {
        "ALLOW": "Allowed, whatever is not known.",
        "DENY": "Denied, whatever is not known.",
        "UNCERTAIN": "What is not known decides.",
    },
)
_show(
    StagedAction,
    "StagedAction",
    "What a staged policy would do.",
    {
        "SET": "Put itself in force, instead of the policy of its name if there is one.",
        "DELETE": "Delete the policy of its name.",
        "LEARN": "As SET; a tool is still changing it.",
        "IGNORE": "Nothing: it takes no part in evaluation.",
    },
)
_show(
    FindingKind,
    "RuleFindingKind",
    "Why a rule does nothing.",
    {
        "SHADOWED": "No connection reaches it: others before it decide all that it matches.",
        "REDUNDANT": "Without it, and nothing else changed, every connection is decided as with it.",
        "NO_MATCH": "It names no endpoint that its policy selects, or no peer that there is.",
    },
)
_show(
    Basis,
    "FindingBasis",
    "For whom a finding holds.",
    {
        "ANY": "For any endpoints that there may be.",
        "CLUSTER": "For the endpoints of the cluster as they were at the end of the range.",
    },
)
_show(
    Style,
    "PolicyStyle",
    "Which kind of policies is written.",
    {
        "CALICO": "NetworkPolicy of Calico.",
        "STAGED": "StagedNetworkPolicy of Calico: logged, and not enforced.",
        "KUBERNETES": "NetworkPolicy of Kubernetes.",
    },
)
_show(
    Why,
    "UnlearntWhy",
    "Why an allowed edge was not learnt.",
    {
        "UNWANTED": "A filter says that it is unwanted.",
        "ALERT": "An alert shows it that nobody has dismissed.",
        "FEW_CONNECTIONS": "It had fewer connections than are evidence enough.",
        "FEW_DAYS": "It was seen on fewer days than are evidence enough.",
        "UNNAMED": "Records do not tell who one of its ends is.",
    },
)
_show(
    Component,
    "PostureComponentKind",
    "A part of the score of the security posture.",
    {
        "ISOLATION": "Policies deny by default, in both directions, what they do not allow.",
        "EGRESS": "What leaves for addresses outside of the cluster does so under a policy.",
        "EXPOSURE": "Nothing is let in from public networks.",
        "CLEARTEXT": "No connection at a port that usually carries cleartext.",
        "GAPS": "It is denied nothing, and staged policies would deny nothing that is allowed.",
        "IMAGES": "Its images have no critical or high flaws, as far as scans that were brought in tell.",
    },
)
_show(
    PosturePage,
    "PosturePage",
    "Where in the page an action begins.",
    {
        "RECOMMENDED_POLICIES": "Recommended policies, of the action's namespace.",
        "POLICIES": "The board of policies, which says how manifests are brought in.",
        "LOGS": "The logs, with the action's filter.",
    },
)
_show(
    ViewPage,
    "ViewPage",
    "A page that shows flows as a picture, and whose address can be saved.",
    {"GRAPH": "The service graph.", "FLOWS": "The flow visualizer."},
)
_show(
    CaptureState,
    "PacketCaptureState",
    "How a packet capture stands.",
    {
        "PENDING": "No node has said anything yet.",
        "SCHEDULED": "It has not begun.",
        "WAITING": "It waits for packets.",
        "CAPTURING": "It writes packets.",
        "FINISHED": "It has ended.",
        "ERROR": "A node cannot capture.",
    },
)
_show(
    CaptureBasis,
    "CaptureBasis",
    "By what a captured conversation and its flow records were brought together.",
    {
        "ADDRESS": "Both addresses are in the records.",
        "WORKLOAD": "The records leave an address out, and manifests say which workload or service has it.",
    },
)
