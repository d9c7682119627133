"""The fields of L7 records."""

from tapetum.kql.fields import Field, FieldType

_KEYWORD, _IP, _LONG, _DATE = FieldType.KEYWORD, FieldType.IP, FieldType.LONG, FieldType.DATE


def _endpoint(side: str, role: str) -> tuple[Field, ...]:
    return (
        Field(f"{side}_ip", _IP, f"Address of the {role}; access logs know it.", default=True),
        Field(f"{side}_port", _LONG, f"Port of the {role}; access logs know it."),
        Field(f"{side}_name_aggr", _KEYWORD, f"The {role} without its pod's suffix.", default=True),
        Field(f"{side}_namespace", _KEYWORD, f"Namespace of the {role}.", default=True),
        Field(f"{side}_type", _KEYWORD, f"What the {role} is: wep, hep, ns or net."),
    )


L7_FIELDS = (
    Field("id", _KEYWORD, "Identity of the record, the same whenever the same line arrives."),
    Field("cluster", _KEYWORD, "Cluster that the record came from."),
    Field("host", _KEYWORD, "Node that collected the record.", default=True),
    Field("start_time", _DATE, "Start of the window, or of the request.", aliases=("@timestamp",)),
    Field("end_time", _DATE, "End of the window, or of the request."),
    Field("count", _LONG, "Requests that this record stands for."),
    Field("bytes_in", _LONG, "Bytes of requests."),
    Field("bytes_out", _LONG, "Bytes of responses."),
    Field("duration_mean", _LONG, "Mean duration in nanoseconds.", weight="count"),
    Field("duration_max", _LONG, "Largest duration in nanoseconds."),
    *_endpoint("src", "client"),
    *_endpoint("dest", "server"),
    Field("dest_service_name", _KEYWORD, "Service that was called.", default=True),
    Field("dest_service_namespace", _KEYWORD, "Namespace of that service.", default=True),
    Field("dest_service_port", _LONG, "Port of that service."),
    Field("url", _KEYWORD, "Host and path that were asked for.", default=True),
    Field("response_code", _KEYWORD, "Code of the response, such as 200.", default=True),
    Field("response_flags", _KEYWORD, "What the proxy says went wrong, such as UF or NR.", default=True),
    Field("method", _KEYWORD, "Method of the request, such as GET.", default=True),
    Field("user_agent", _KEYWORD, "What the client calls itself.", default=True),
    Field("request_id", _KEYWORD, "The proxy's identity of the request."),
    Field("type", _KEYWORD, "tcp, tls, or html/ with a version (as Calico writes it)."),
    Field("protocol", _KEYWORD, "http or tls.", default=True),
    Field("protocol_version", _KEYWORD, "Version of the protocol."),
    Field("collector_type", _KEYWORD, "What saw it: ebpf, envoy-access-log or ztunnel-access-log."),
    Field("collector_name", _KEYWORD, "Which of those: ebpf-tcp, daemonset, waypoint, ztunnel."),
    Field(
        "reporter",
        _KEYWORD,
        "src or dst where both ends' proxies report what they see, as in a mesh: count one of them.",
        default=True,
    ),
    Field("tls_sni", _KEYWORD, "Name that the client asked for in its TLS greeting.", default=True),
    Field("tls_version", _KEYWORD, "Version of TLS."),
    Field("tls_cipher_suite", _KEYWORD, "Cipher suite of TLS."),
)
