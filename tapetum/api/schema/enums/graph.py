"""Of the service graph, views of it and clusters."""

from tapetum.api.schema.enums.showing import shown
from tapetum.domain.clusters import Receiving
from tapetum.domain.edge_figures import EdgeMeasure
from tapetum.domain.endpoints import NodeKind
from tapetum.domain.graph_comparison import EdgeChange
from tapetum.domain.service_graph import Direction, Level
from tapetum.domain.views import ViewPage

shown(
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
shown(
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
shown(
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
shown(
    Direction,
    "Direction",
    "Along which way edges are followed.",
    {"OUTGOING": "From source to target.", "INCOMING": "From target to source.", "BOTH": "Either way."},
)
shown(
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
shown(
    ViewPage,
    "ViewPage",
    "A page that shows flows as a picture, and whose address can be saved.",
    {"GRAPH": "The service graph.", "FLOWS": "The flow visualizer."},
)
shown(
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
