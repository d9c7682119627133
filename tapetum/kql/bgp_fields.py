"""The fields of BGP records."""

from tapetum.kql.fields import Field, FieldType

_KEYWORD = FieldType.KEYWORD

BGP_FIELDS = (
    Field("id", _KEYWORD, "Identity of the record, the same whenever the same line arrives."),
    Field("cluster", _KEYWORD, "Cluster that the record came from."),
    Field("host", _KEYWORD, "Node whose BIRD wrote the line.", default=True),
    Field("logtime", FieldType.DATE, "When it was written.", aliases=("@timestamp", "start_time")),
    Field("ip_version", _KEYWORD, "IPv4 or IPv6.", default=True),
    Field("message", _KEYWORD, "The line.", default=True),
    Field("peer", _KEYWORD, "BIRD's name of the session, such as Mesh_10_0_0_2.", default=True),
    Field("peer_ip", FieldType.IP, "Address in that name.", default=True),
    Field(
        "event", _KEYWORD, "What the line is about: state, error, configured, routes or other.", default=True
    ),
    Field("state", _KEYWORD, "State that the session is in after it.", default=True),
    Field("reason", _KEYWORD, "Why a session ended or could not begin.", default=True),
)
