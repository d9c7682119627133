"""Which form a flow is in, told from its names."""

from collections.abc import Mapping
from typing import Any

from tapetum.ingest.calico.record import unwrapped
from tapetum.ingest.forms import Form

TOKENS: Mapping[Form, tuple[bytes, ...]] = {
    Form.GOLDMANE: (b'"Key"', b'"pending":', b'"protocol"'),
    Form.HUBBLE: (b'"verdict"', b'"traffic_direction"', b'"l4"'),
    Form.NETOBSERV: (b'"SrcAddr"', b'"TimeFlowStartMs"', b'"TimeReceived"'),
    Form.CALICO: (b'"source_name_aggr"', b'"num_flows"'),
}
"""What a document of the form holds often."""

_HUBBLE_EVENTS = frozenset(["node_status", "lost_events", "agent_event", "debug_event"])
_CALICO = frozenset(["source_type", "dest_type", "source_name_aggr", "dest_name_aggr", "proto", "num_flows"])


def form_of(record: dict[str, Any]) -> Form | None:
    flow = record.get("flow")
    inner: dict[str, Any] = flow if isinstance(flow, dict) else record
    if "Key" in inner or ("protocol" in inner and "reporter" in inner):
        return Form.GOLDMANE
    if "verdict" in inner or not _HUBBLE_EVENTS.isdisjoint(record):
        return Form.HUBBLE
    if "SrcAddr" in record or "TimeFlowStartMs" in record or "TimeReceived" in record:
        return Form.NETOBSERV
    plain = unwrapped(record)
    if ("action" in plain or "reporter" in plain) and not _CALICO.isdisjoint(plain):
        return Form.CALICO
    return None
