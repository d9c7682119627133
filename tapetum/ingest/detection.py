"""Which form a file is in, told from its first lines; lines that say nothing are passed over."""

from collections import Counter
from typing import Any

import msgspec

from tapetum.ingest import flow_detection
from tapetum.ingest.bgp import line as bgp
from tapetum.ingest.forms import Form
from tapetum.ingest.l7 import envoy, envoy_text, ztunnel
from tapetum.ingest.lines import split
from tapetum.ingest.objects import unwrapped
from tapetum.ingest.refusals import UnreadableError
from tapetum.ingest.text_lines import text_of

_LINES = 100
_TOKENS: dict[Form, tuple[bytes, ...]] = {
    **flow_detection.TOKENS,
    Form.DNS: (b'"qname"', b'"rrsets"', b'"rcode"'),
    Form.L7: (b'"src_name_aggr"', b'"duration_mean"', b'"response_flags"', b'"upstream_cluster"'),
    Form.AUDIT: (b'"auditID"', b'"requestURI"', b'"objectRef"'),
    Form.BGP: (b'"logtime"', b'"ip_version"'),
    Form.EVENTS: (b'"event_type"', b'"signature_id"', b'"mitre_tactics"'),
}
_TELLING: tuple[tuple[Form, frozenset[str]], ...] = (
    (Form.AUDIT, frozenset(["auditID", "requestURI", "requestReceivedTimestamp"])),
    (Form.BGP, frozenset(["logtime", "ip_version"])),
    (Form.DNS, frozenset(["qname", "rrsets", "client_name_aggr"])),
    (Form.EVENTS, frozenset(["mitre_tactics", "mitre_techniques"])),
)
"""A record with any of these names is of that form."""

_TOGETHER: tuple[tuple[Form, frozenset[str]], ...] = (
    (Form.L7, frozenset(["url", "response_code"])),
    (Form.EVENTS, frozenset(["title", "severity"])),
    (Form.EVENTS, frozenset(["description", "severity", "type"])),
)
"""A record with all of these is."""

_L7_ONLY = frozenset(["src_name_aggr", "src_namespace", "duration_mean", "collector_type"])
_COUNTED_ONLY = "UNLOGGED"


def detect_form(sample: bytes) -> Form | None:
    """The form that most of the sample's readable lines are in; None where none says."""
    found: Counter[Form] = Counter()
    for line in list(split(sample, Form.GOLDMANE).items)[:_LINES]:  # the form of most documents
        form = _form_of(line)
        if form is not None:
            found[form] += 1
    if found:
        return found.most_common(1)[0][0]
    return _by_tokens(sample)


def _form_of(line: bytes) -> Form | None:
    try:
        record = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _form_of_text(line)
    return _form_of_record(record) if isinstance(record, dict) else None


def _form_of_text(line: bytes) -> Form | None:
    try:
        text = text_of(line)
    except UnreadableError:
        return None
    if ztunnel.is_line(text) or envoy_text.is_line(text):
        return Form.L7
    return Form.BGP if bgp.is_text(text) else None


def _form_of_record(record: dict[str, Any]) -> Form | None:
    plain = unwrapped(record)
    telling = next((form for form, names in _TELLING if not names.isdisjoint(plain)), None)
    whole = telling or next((form for form, names in _TOGETHER if names <= plain.keys()), None)
    if whole is not None:
        return whole
    if isinstance(plain.get("event_type"), str):  # Suricata's; a flow of Hubble has an object there
        return Form.EVENTS
    if plain.get("type") == _COUNTED_ONLY:
        return Form.DNS
    return flow_detection.form_of(record) or (Form.L7 if _is_l7(plain) else None)


def _is_l7(plain: dict[str, Any]) -> bool:
    return not _L7_ONLY.isdisjoint(plain) or envoy.is_record(plain) or ztunnel.is_record(plain)


def _by_tokens(sample: bytes) -> Form | None:
    """For a document that the sample cuts off: the form whose names occur most often."""
    counts = {form: sum(sample.count(token) for token in tokens) for form, tokens in _TOKENS.items()}
    form = max(counts, key=lambda found: counts[found])
    return form if counts[form] else None
