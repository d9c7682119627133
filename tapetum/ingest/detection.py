"""Which form a file is in, told from its first lines; lines that say nothing are passed over."""

from collections import Counter
from typing import Any

import msgspec

from tapetum.ingest.calico.record import unwrapped
from tapetum.ingest.forms import Form
from tapetum.ingest.lines import split

_LINES = 100
_TOKENS = {
    Form.GOLDMANE: (b'"Key"', b'"pending":', b'"protocol"'),
    Form.HUBBLE: (b'"verdict"', b'"traffic_direction"', b'"l4"'),
    Form.NETOBSERV: (b'"SrcAddr"', b'"TimeFlowStartMs"', b'"TimeReceived"'),
    Form.CALICO: (b'"source_name_aggr"', b'"num_flows"', b'"dest_name_aggr"'),
}
_HUBBLE_EVENTS = frozenset(["node_status", "lost_events", "agent_event", "debug_event"])
_CALICO = frozenset(["source_type", "dest_type", "source_name_aggr", "dest_name_aggr", "proto", "num_flows"])


def detect_form(sample: bytes) -> Form | None:
    """The form that most of the sample's readable lines are in; None where none says."""
    found: Counter[Form] = Counter()
    for line in list(split(sample, Form.GOLDMANE).items)[:_LINES]:  # the form of most documents
        try:
            record = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        form = _form(record) if isinstance(record, dict) else None
        if form is not None:
            found[form] += 1
    if found:
        return found.most_common(1)[0][0]
    return _by_tokens(sample)


def _form(record: dict[str, Any]) -> Form | None:
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


def _by_tokens(sample: bytes) -> Form | None:
    """For a document that the sample cuts off: the form whose names occur most often."""
    counts = {form: sum(sample.count(token) for token in tokens) for form, tokens in _TOKENS.items()}
    form = max(counts, key=lambda found: counts[found])
    return form if counts[form] else None
