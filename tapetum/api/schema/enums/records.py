"""Of records and questions about them."""

from enum import StrEnum

from tapetum.api.schema.enums.showing import shown
from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import Reporter
from tapetum.domain.metrics import Op
from tapetum.domain.traffic import ReporterRule
from tapetum.domain.unanswered import Cause


class OrderDirection(StrEnum):
    ASC = "asc"
    DESC = "desc"


class CompletionKind(StrEnum):
    FIELD = "field"
    OPERATOR = "operator"
    KEYWORD = "keyword"
    VALUE = "value"


class LoadMeasure(StrEnum):
    CONNECTIONS = "connections"
    BYTES_TO_TARGET = "bytes_to_target"
    BYTES_TO_SOURCE = "bytes_to_source"


shown(
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
shown(
    Reporter,
    "Reporter",
    "Which end of a connection wrote a record.",
    {
        "SRC": "The source: what left it.",
        "DST": "The destination: what reached it.",
        "FWD": "A node that the traffic passed; shown, never added to a total.",
    },
)
shown(
    ReporterRule,
    "ReporterRule",
    "Source and destination of a connection may both report it: what then counts.",
    {
        "COMBINED": "What was allowed counts once, by the destination where it reported, else by the source; "
        "what was denied counts by whoever denied it; transit never counts. Only this adds up to totals.",
        "EACH": "Every record counts, transit too: for looking at reports, not for totals.",
    },
)
shown(
    OrderDirection,
    "OrderDirection",
    "Which end of an order comes first.",
    {"ASC": "Smallest, or oldest, first.", "DESC": "Largest, or newest, first."},
)
shown(
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
shown(
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
shown(
    LoadMeasure,
    "LoadMeasure",
    "What load is measured by.",
    {
        "CONNECTIONS": "Connections started.",
        "BYTES_TO_TARGET": "Bytes that went from source to target.",
        "BYTES_TO_SOURCE": "Bytes that came back from target to source.",
    },
)
shown(
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
