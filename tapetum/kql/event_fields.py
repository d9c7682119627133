"""The fields of security events."""

from tapetum.kql.fields import Field, FieldType

_KEYWORD, _LONG, _DATE = FieldType.KEYWORD, FieldType.LONG, FieldType.DATE


def _endpoint(side: str, role: str) -> tuple[Field, ...]:
    return (
        Field(f"{side}_kind", _KEYWORD, f"What the {role} is: wep, hep, ns or net."),
        Field(f"{side}_namespace", _KEYWORD, f"Namespace of the {role}.", default=True),
        Field(f"{side}_name", _KEYWORD, f"Name of the {role}.", default=True),
        Field(f"{side}_ip", FieldType.IP, f"Address of the {role}.", default=True),
        Field(f"{side}_port", _LONG, f"Port of the {role}."),
    )


EVENT_FIELDS = (
    Field("id", _KEYWORD, "Identity of the record, the same whenever the same line arrives."),
    Field("cluster", _KEYWORD, "Cluster that it concerns."),
    Field("time", _DATE, "When it happened.", aliases=("@timestamp", "start_time")),
    Field("event_id", _KEYWORD, "What its source calls it."),
    Field(
        "kind",
        _KEYWORD,
        "threat_feed, alert_rule, detector, suspicious_dns, waf or imported_ids.",
        default=True,
    ),
    Field("origin", _KEYWORD, "What made it: tapetum, suricata or calico.", default=True),
    Field("rule", _KEYWORD, "Name of the rule, signature or detector.", default=True),
    Field("title", _KEYWORD, "The event in one line.", default=True),
    Field("description", _KEYWORD, "What happened, in a sentence or two.", default=True),
    Field("category", _KEYWORD, "The source's own class of event.", default=True),
    Field("severity", _LONG, "From 1 to 100."),
    Field("tactics", _KEYWORD, "MITRE ATT&CK tactics, such as TA0007.", multi=True, default=True),
    Field("techniques", _KEYWORD, "MITRE ATT&CK techniques, such as T1046.", multi=True, default=True),
    Field("mitigations", _KEYWORD, "What can be done about it.", multi=True),
    *_endpoint("source", "source"),
    *_endpoint("dest", "destination"),
    Field("proto", _KEYWORD, "Protocol of the connection.", default=True),
    Field(
        "action", _KEYWORD, "allow or deny, where the source says what became of the traffic.", default=True
    ),
    Field("host", _KEYWORD, "Node or sensor that saw it.", default=True),
    Field("evidence", _KEYWORD, "Identities of the records that show it.", multi=True),
    Field("status", _KEYWORD, "open, acknowledged or dismissed.", default=True),
    Field("status_by", _KEYWORD, "Who set the status."),
    Field("status_at", _DATE, "When the status was set."),
)
