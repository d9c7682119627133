"""The BGP record: a line of BIRD as Calico logs it, and what could be read of it.

`event` says what the line is about; `state` is the session's where the line tells one.
"""

from enum import StrEnum

import pyarrow as pa

_text = pa.string()


class SessionEvent(StrEnum):
    STATE = "state"  # the protocol, or its BGP session, changed its state
    ERROR = "error"  # the session ended with an error, or could not begin
    CONFIGURED = "configured"  # added, removed, reconfigured, restarted by the configuration
    ROUTES = "routes"  # about routes: limits, what was refused
    OTHER = "other"


LOGGED = pa.schema(
    [("host", _text), ("logtime", pa.timestamp("us")), ("ip_version", _text), ("message", _text)]
)

DERIVED = pa.schema(
    [
        ("peer", _text),  # BIRD's name of the protocol: Mesh_10_0_0_2, Node_…, Global_…
        ("peer_ip", _text),  # written into that name
        ("event", _text),
        ("state", _text),  # start, up, feed, flush, stop, down; Idle, Connect, Established, …
        ("reason", _text),  # of an error
    ]
)
