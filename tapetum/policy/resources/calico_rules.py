"""Rules of Calico's policies and profiles, with their namespace terms worked into selectors."""

from tapetum.policy.documents.problem import shown
from tapetum.policy.labels import NAMESPACE, SERVICE_ACCOUNT
from tapetum.policy.resources.domains import domain_patterns
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.metadata import check_annotations
from tapetum.policy.resources.names import is_dotted
from tapetum.policy.resources.nets import nets
from tapetum.policy.resources.ports import ports
from tapetum.policy.resources.rule_checks import check_entity, check_rule
from tapetum.policy.rules import (
    Direction,
    Entity,
    HeaderMatch,
    HttpMatch,
    Icmp,
    PathMatch,
    Rule,
    RuleAction,
    ServiceRef,
    protocol_name,
)
from tapetum.policy.selectors import Equals, In, Selector, both, in_namespaces, of_service_accounts

_RULE = (
    "action", "ipVersion", "protocol", "icmp", "notProtocol", "notICMP", "source", "destination", "http",
    "metadata",
)  # fmt: skip
_ENTITY = (
    "nets", "notNets", "selector", "notSelector", "namespaceSelector", "services", "ports", "notPorts",
    "serviceAccounts", "domains",
)  # fmt: skip
_OPERATORS = ("Exists", "DoesNotExist", "In", "NotIn", "HasPrefix", "HasSuffix")
_PROTOCOLS = ("TCP", "UDP", "ICMP", "ICMPv6", "SCTP", "UDPLite")
"""As Calico writes them; protocol_name also knows how logs do."""


def rules(spec: Fields, direction: Direction, namespace: str | None) -> tuple[Rule, ...]:
    """`namespace` None: the rules are of a global policy or a profile."""
    name = direction.value.lower()
    return tuple(
        _rule(fields, direction, namespace, origin) for origin, fields in enumerate(spec.items(name))
    )


def _rule(fields: Fields, direction: Direction, namespace: str | None, origin: int) -> Rule:
    fields.only(*_RULE)
    action = RuleAction(fields.one_of("action", *RuleAction))
    protocol = _protocol(fields, "protocol")
    source = _entity(fields.fields("source"), namespace)
    destination = _entity(fields.fields("destination"), namespace)
    if source.domains or (
        destination.domains and (direction is not Direction.EGRESS or action is not RuleAction.ALLOW)
    ):
        raise fields.wrong(
            "destination.domains",
            "domains work only in egress rules that allow, as a destination; move it there.",
        )
    version = fields.whole("ipVersion", 4, 6)
    if version == 5:  # noqa: PLR2004
        raise fields.wrong("ipVersion", "5 is not an IP version; write 4 or 6.")
    rule = Rule(
        action=action,
        source=source,
        destination=destination,
        protocol=protocol,
        not_protocol=_protocol(fields, "notProtocol"),
        icmp=_icmp(fields, "icmp"),
        not_icmp=_icmp(fields, "notICMP"),
        ip_version=version,
        http=_http(fields) if "http" in fields else None,
        origin=origin,
    )
    check_rule(fields, rule)
    notes = fields.fields("metadata")
    notes.only("annotations")
    check_annotations(notes)
    return rule


def _protocol(fields: Fields, name: str) -> str | None:
    value = fields.value.get(name)
    if value is None:
        return None
    found = None if isinstance(value, bool) or not isinstance(value, (str, int)) else protocol_name(value)
    said = f"{shown(value)} is not a protocol; write {', '.join(_PROTOCOLS)} or 1 to 255."
    if found is None:
        raise fields.wrong(name, said)
    fields.expect(value in _PROTOCOLS or str(value).isdigit(), name, said)
    return found


def _icmp(fields: Fields, name: str) -> Icmp | None:
    if name not in fields:
        return None
    icmp = fields.fields(name)
    icmp.only("type", "code")
    found = Icmp(icmp.whole("type", 0, 254), icmp.whole("code", 0, 255))
    if found.code is not None and found.type is None:
        raise icmp.wrong("code", "a code means nothing without its type; set type too.")
    return found


def _http(fields: Fields) -> HttpMatch:
    http = fields.fields("http")
    methods = http.texts("methods")
    http.expect(len(set(methods)) == len(methods), "methods", "one is given twice; keep one of them.")
    http.only("methods", "paths", "headers")
    paths: list[PathMatch] = []
    for each in http.items("paths"):
        each.only("exact", "prefix")
        exact, prefix = each.text("exact"), each.text("prefix")
        if (exact is None) == (prefix is None):
            raise each.wrong("exact", "a path is either exact or a prefix; set one of the two.")
        path = exact if exact is not None else prefix or ""
        each.expect(
            path.startswith("/") and not set(path) & set("?# "),
            "prefix" if exact is None else "exact",
            f"{shown(path)} is not a path; begin it with / and write no ?, # or space.",
        )
        paths.append(PathMatch(path, prefix=exact is None))
    headers: list[HeaderMatch] = []
    for each in http.items("headers"):
        each.only("header", "operator", "values")
        header = (each.text("header") or "").lower()
        each.expect(bool(header), "header", "it is missing; write the header's name.")
        headers.append(HeaderMatch(header, each.one_of("operator", *_OPERATORS), each.texts("values")))
    return HttpMatch(frozenset(methods), tuple(paths), tuple(headers))


def _entity(fields: Fields, namespace: str | None) -> Entity:
    fields.only(*_ENTITY)
    check_entity(fields)
    not_selector = fields.selector("notSelector")
    return Entity(
        nets=nets(fields, "nets"),
        not_nets=nets(fields, "notNets"),
        selector=_selector(fields, namespace, limited=not_selector is not None),
        not_selector=not_selector,
        ports=ports(fields, "ports"),
        not_ports=ports(fields, "notPorts"),
        service=_service(fields, namespace) if "services" in fields else None,
        domains=domain_patterns(fields, "domains"),
    )


def _selector(fields: Fields, namespace: str | None, *, limited: bool) -> Selector | None:
    """A namespaced policy's own namespace limits any selector that names no other, negative ones too."""
    labels = fields.selector("selector")
    accounts = _accounts(fields.fields("serviceAccounts")) if "serviceAccounts" in fields else None
    spaces = fields.selector("namespaceSelector")
    if spaces is not None:
        return both(in_namespaces(spaces), accounts, labels)
    if labels is None and accounts is None and not limited:
        return None
    if namespace is not None:
        return both(Equals(NAMESPACE, namespace), accounts, labels)
    return both(accounts, labels) if labels is not None or accounts is not None else None


def _accounts(fields: Fields) -> Selector | None:
    fields.only("names", "selector")
    names, selector = fields.texts("names"), fields.selector("selector")
    for each in names:
        said = f"{shown(each)} cannot be a service account's name; correct it."
        fields.expect(is_dotted(each), "names", said)
    if not names and selector is None:
        return None
    return both(
        of_service_accounts(selector) if selector is not None else None,
        In(SERVICE_ACCOUNT, frozenset(names)) if names else None,
    )


def _service(fields: Fields, namespace: str | None) -> ServiceRef:
    service = fields.fields("services")
    service.only("name", "namespace")
    found = service.text("namespace") or namespace
    name = service.text("name")
    if not name or not found:
        raise fields.wrong("services", "a service needs its name, and in a global policy its namespace too.")
    for field, given in (("name", name), ("namespace", found)):
        service.expect(is_dotted(given), field, f"{shown(given)} cannot be a name; correct it.")
    return ServiceRef(found, name)
