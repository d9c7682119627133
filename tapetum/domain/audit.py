"""The audit record: columns of a Kubernetes audit event (audit.k8s.io/v1), its objects' members dotted.

The request's and response's objects stay in the raw line. `annotations` are texts `key=value`.
"""

import pyarrow as pa

_text, _number = pa.string(), pa.int64()
_texts = pa.list_(_text)
_moment = pa.timestamp("us")

LOGGED = pa.schema(
    [
        ("auditID", _text),
        ("level", _text),
        ("stage", _text),
        ("requestURI", _text),
        ("verb", _text),
        ("user.username", _text),
        ("user.uid", _text),
        ("user.groups", _texts),
        ("impersonatedUser.username", _text),
        ("sourceIPs", _texts),
        ("userAgent", _text),
        ("objectRef.resource", _text),
        ("objectRef.namespace", _text),
        ("objectRef.name", _text),
        ("objectRef.uid", _text),
        ("objectRef.apiGroup", _text),
        ("objectRef.apiVersion", _text),
        ("objectRef.resourceVersion", _text),
        ("objectRef.subresource", _text),
        ("responseStatus.code", _number),
        ("responseStatus.status", _text),
        ("responseStatus.reason", _text),
        ("responseStatus.message", _text),
        ("requestReceivedTimestamp", _moment),
        ("stageTimestamp", _moment),
        ("annotations", _texts),
    ]
)
DERIVED: pa.Schema = pa.schema([])
