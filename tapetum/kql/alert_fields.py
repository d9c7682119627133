"""The fields of alerts."""

from tapetum.kql.fields import Field, FieldType

_KEYWORD = FieldType.KEYWORD


def _endpoint(side: str, role: str) -> tuple[Field, ...]:
    return (
        Field(f"{side}_kind", _KEYWORD, f"What the {role} is in the service graph."),
        Field(
            f"{side}_namespace",
            _KEYWORD,
            f"Namespace of the {role}; missing where it has none.",
            default=True,
        ),
        Field(f"{side}_name", _KEYWORD, f"Name of the {role} in the service graph.", default=True),
    )


ALERT_FIELDS = (
    Field("id", _KEYWORD, "Identity of the alert, the same whenever the same thing is noticed."),
    Field("time", FieldType.DATE, "When what was noticed happened.", aliases=("@timestamp",)),
    Field("kind", _KEYWORD, "What noticed it: a detector, a rule or a feed.", default=True),
    Field("rule", _KEYWORD, "Name of the detector, rule or feed.", default=True),
    Field("category", _KEYWORD, "What the feed that raised it lists, such as tor.", default=True),
    Field("title", _KEYWORD, "The alert in one line.", default=True),
    Field("description", _KEYWORD, "What was noticed, in a sentence or two.", default=True),
    Field("severity", FieldType.LONG, "From 1 to 100."),
    Field("technique", _KEYWORD, "MITRE ATT&CK technique, such as T1046.", default=True),
    Field("tactic", _KEYWORD, "MITRE ATT&CK tactic, such as TA0007.", default=True),
    Field("cluster", _KEYWORD, "Cluster that it concerns."),
    *_endpoint("source", "source"),
    *_endpoint("dest", "destination"),
    Field("dest_port", FieldType.LONG, "Port of the destination."),
    Field("proto", _KEYWORD, "Protocol of the connection.", default=True),
    Field("status", _KEYWORD, "open, acknowledged or dismissed.", default=True),
    Field("note", _KEYWORD, "What was said when its status was last changed.", default=True),
    Field("triaged_by", _KEYWORD, "Who last changed its status."),
    Field("triaged_at", FieldType.DATE, "When its status was last changed."),
)
