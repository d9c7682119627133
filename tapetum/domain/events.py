"""The security event: a schema of our own, with ECS-like meaning, onto which imported events are mapped.

Severity is from 1 to 100. What an event was before it was mapped stays in the raw line.
"""

from enum import StrEnum

import pyarrow as pa

_text, _number = pa.string(), pa.int64()
_texts = pa.list_(_text)
_moment = pa.timestamp("us")


class EventKind(StrEnum):
    THREAT_FEED = "threat_feed"
    ALERT_RULE = "alert_rule"
    DETECTOR = "detector"
    SUSPICIOUS_DNS = "suspicious_dns"
    WAF = "waf"
    IMPORTED_IDS = "imported_ids"


def _end(side: str) -> list[tuple[str, pa.DataType]]:
    texts = [(f"{side}_{part}", _text) for part in ("kind", "namespace", "name", "ip")]
    return [*texts, (f"{side}_port", _number)]


LOGGED = pa.schema(
    [
        ("time", _moment),
        ("event_id", _text),  # what its source calls it
        ("kind", _text),
        ("origin", _text),  # tapetum, suricata, calico: who made it
        ("rule", _text),
        ("title", _text),
        ("description", _text),
        ("category", _text),
        ("severity", _number),
        ("tactics", _texts),
        ("techniques", _texts),
        ("mitigations", _texts),
        *_end("source"),
        *_end("dest"),
        ("proto", _text),
        ("action", _text),  # allow or deny, where the source says what became of the traffic
        ("host", _text),
        ("evidence", _texts),
        ("status", _text),
        ("status_by", _text),
        ("status_at", _moment),
    ]
)
DERIVED: pa.Schema = pa.schema([])
