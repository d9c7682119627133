"""The fields of DNS records."""

from tapetum.kql.fields import Field, FieldType

_KEYWORD, _IP, _LONG, _DATE = FieldType.KEYWORD, FieldType.IP, FieldType.LONG, FieldType.DATE

DNS_FIELDS = (
    Field("id", _KEYWORD, "Identity of the record, the same whenever the same line arrives."),
    Field("cluster", _KEYWORD, "Cluster that the record came from."),
    Field("host", _KEYWORD, "Node that collected the record.", default=True),
    Field("start_time", _DATE, "Start of the window that the record sums up.", aliases=("@timestamp",)),
    Field("end_time", _DATE, "End of the window that the record sums up."),
    Field(
        "type",
        _KEYWORD,
        "LOG, or UNLOGGED for requests that were only counted: add their count to every total.",
    ),
    Field("count", _LONG, "Requests that this record stands for."),
    Field("client_ip", _IP, "Address of the client; missing where aggregated.", default=True),
    Field("client_name", _KEYWORD, "Pod of the client; missing where aggregated.", default=True),
    Field("client_name_aggr", _KEYWORD, "The client without its pod's suffix.", default=True),
    Field("client_namespace", _KEYWORD, "Namespace of the client.", default=True),
    Field("client_labels", _KEYWORD, "Labels of the client as key=value.", multi=True, default=True),
    Field("qname", _KEYWORD, "Name that was asked for.", default=True),
    Field("qtype", _KEYWORD, "Type of record that was asked for: A, AAAA, SRV.", default=True),
    Field("qclass", _KEYWORD, "Class that was asked for; IN is the internet's."),
    Field("rcode", _KEYWORD, "Outcome: NoError, NXDomain, ServFail.", default=True),
    Field("latency_count", _LONG, "Requests whose latency was measured."),
    Field("latency_mean", _LONG, "Mean latency in nanoseconds.", weight="latency_count"),
    Field("latency_max", _LONG, "Largest latency in nanoseconds."),
    Field("rrsets", FieldType.NESTED, "What was answered, one element for each name and type."),
    Field("rrsets.name", _KEYWORD, "Name that an answer is about."),
    Field("rrsets.type", _KEYWORD, "Type of the answer: A, AAAA, CNAME."),
    Field("rrsets.class", _KEYWORD, "Class of the answer."),
    Field("rrsets.rdata", _KEYWORD, "The answers: addresses, names.", multi=True),
    Field("servers", FieldType.NESTED, "Servers that answered."),
    Field("servers.ip", _IP, "Address of a server."),
    Field("servers.name", _KEYWORD, "Pod of a server."),
    Field("servers.name_aggr", _KEYWORD, "A server without its pod's suffix."),
    Field("servers.namespace", _KEYWORD, "Namespace of a server."),
    Field("servers.labels", _KEYWORD, "Labels of a server as key=value.", multi=True),
    Field("server_ip", _IP, "Address of the first server.", default=True),
    Field("server_name_aggr", _KEYWORD, "The first server without its pod's suffix.", default=True),
    Field("server_namespace", _KEYWORD, "Namespace of the first server.", default=True),
)
