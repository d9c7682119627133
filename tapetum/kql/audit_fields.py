"""The fields of audit records."""

from tapetum.kql.fields import Field, FieldType

_KEYWORD, _IP, _LONG, _DATE = FieldType.KEYWORD, FieldType.IP, FieldType.LONG, FieldType.DATE


def _member(name: str, description: str, *, default: bool = False, multi: bool = False) -> Field:
    return Field(name, _KEYWORD, description, multi=multi, default=default, dotted=True)


AUDIT_FIELDS = (
    Field("id", _KEYWORD, "Identity of the record, the same whenever the same line arrives."),
    Field("cluster", _KEYWORD, "Cluster that the record came from."),
    Field("auditID", _KEYWORD, "Identity of the request; its stages share it."),
    Field("level", _KEYWORD, "How much was recorded: Metadata, Request, RequestResponse."),
    Field("stage", _KEYWORD, "RequestReceived, ResponseStarted, ResponseComplete or Panic."),
    Field("requestURI", _KEYWORD, "What was asked of the API server.", default=True),
    Field("verb", _KEYWORD, "get, list, watch, create, update, patch, delete.", default=True),
    _member("user.username", "Who asked.", default=True),
    _member("user.uid", "Identity of who asked."),
    _member("user.groups", "Groups of who asked.", multi=True, default=True),
    _member("impersonatedUser.username", "In whose name it was asked.", default=True),
    Field("sourceIPs", _IP, "Addresses that the request came from.", multi=True, default=True),
    Field("userAgent", _KEYWORD, "Program that asked.", default=True),
    _member("objectRef.resource", "Kind of object, in the plural: networkpolicies.", default=True),
    _member("objectRef.namespace", "Namespace of the object; missing where it has none.", default=True),
    _member("objectRef.name", "Name of the object.", default=True),
    _member("objectRef.uid", "Identity of the object."),
    _member("objectRef.apiGroup", "API group of the object: projectcalico.org.", default=True),
    _member("objectRef.apiVersion", "API version of the object."),
    _member("objectRef.resourceVersion", "Version of the object."),
    _member("objectRef.subresource", "Part of the object: status, scale."),
    Field("responseStatus.code", _LONG, "HTTP code of the answer.", dotted=True),
    _member("responseStatus.status", "Success or Failure."),
    _member("responseStatus.reason", "Why it failed, in a word.", default=True),
    _member("responseStatus.message", "Why it failed, in a sentence.", default=True),
    Field("requestReceivedTimestamp", _DATE, "When the request arrived.", aliases=("@timestamp",)),
    Field("stageTimestamp", _DATE, "When this stage was reached."),
    Field("annotations", _KEYWORD, "Annotations as key=value.", multi=True),
)
