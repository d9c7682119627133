"""Namespaces, service accounts, pods, services and their slices as documents.

Only what policies can see is read, and unknown fields are no mistake: these objects hold much else.
"""

from collections.abc import Iterator

from tapetum.policy.addresses import Address, at
from tapetum.policy.documents.problem import shown
from tapetum.policy.resources.endpoints import (
    DEFAULT_SERVICE_ACCOUNT,
    NamedPort,
    Namespace,
    Pod,
    ServiceAccount,
)
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.kubernetes_policies import PROTOCOLS
from tapetum.policy.resources.metadata import namespace_of
from tapetum.policy.resources.names import is_dotted
from tapetum.policy.resources.nets import addresses
from tapetum.policy.resources.services import EndpointSlice, Service, ServicePort
from tapetum.policy.rules import LAST_PORT
from tapetum.policy.selectors import label_selector

_ENDED = ("Succeeded", "Failed")
_SERVICE_LABEL = "kubernetes.io/service-name"


def namespace(document: Fields) -> Namespace:
    metadata = document.fields("metadata")
    return Namespace(metadata.name(), metadata.labels())


def service_account(document: Fields) -> ServiceAccount:
    metadata = document.fields("metadata")
    return ServiceAccount(namespace_of(document), metadata.name(), metadata.labels())


def pod(document: Fields) -> Pod:
    metadata, spec, status = (document.fields(each) for each in ("metadata", "spec", "status"))
    name = metadata.name()
    prefix = metadata.text("generateName")
    return Pod(
        namespace=namespace_of(document),
        name=name,
        aggregate=f"{prefix}*" if prefix else name,
        labels=metadata.labels(),
        service_account=_service_account(spec),
        addresses=at(_pod_addresses(status)),
        ports=frozenset(_container_ports(spec)),
        node=spec.text("nodeName"),
        networked=not spec.flag("hostNetwork") and status.text("phase") not in _ENDED,
        images=frozenset(
            image
            for list_ in ("initContainers", "containers")
            for container in spec.items(list_)
            if (image := container.text("image"))
        ),
    )


def _pod_addresses(status: Fields) -> Iterator[Address]:
    given = [each.text("ip") for each in status.items("podIPs")] or [status.text("podIP")]
    wrapped = Fields({"podIPs": [each for each in given if each]}, status.path)
    yield from addresses(wrapped, "podIPs")


def _container_ports(spec: Fields) -> Iterator[NamedPort]:
    """Init containers have ports too: those that stay beside the others (sidecars) listen."""
    for container in (*spec.items("containers"), *spec.items("initContainers")):
        for port in container.items("ports"):
            name, number = port.text("name"), port.whole("containerPort", 1, LAST_PORT)
            if name and number is not None:
                yield NamedPort(name, _protocol(port), number)


def _service_account(spec: Fields) -> str:
    name = spec.text("serviceAccountName") or DEFAULT_SERVICE_ACCOUNT
    said = f"{shown(name)} cannot be a service account's name; correct it."
    spec.expect(is_dotted(name), "serviceAccountName", said)
    return name


def _protocol(fields: Fields) -> str:
    given = fields.text("protocol") or PROTOCOLS[0]
    said = f"{shown(given)} is not known; write one of {', '.join(PROTOCOLS)}."
    fields.expect(given in PROTOCOLS, "protocol", said)
    return given.lower()


def service(document: Fields) -> Service:
    spec = document.fields("spec")
    wanted = spec.texts_by_name("selector")
    clustered = [each for each in (spec.text("clusterIP"),) if each and each != "None"]
    return Service(
        namespace_of(document),
        document.fields("metadata").name(),
        label_selector(wanted) if wanted else None,
        tuple(_service_port(each) for each in spec.items("ports")),
        at(addresses(Fields({"clusterIP": clustered}, spec.path), "clusterIP")),
    )


def _service_port(fields: Fields) -> ServicePort:
    number = fields.whole("port", 1, LAST_PORT)
    if number is None:
        raise fields.wrong("port", "it is missing; write a number.")
    return ServicePort(_protocol(fields), number, _target(fields) or number, fields.text("name"))


def _target(fields: Fields) -> int | str | None:
    """A number, or the name of a port of the pods."""
    value = fields.value.get("targetPort")
    return fields.text("targetPort") if isinstance(value, str) else fields.whole("targetPort", 0, LAST_PORT)


def endpoint_slice(document: Fields) -> EndpointSlice:
    metadata = document.fields("metadata")
    named = document.text("addressType") == "FQDN"  # its addresses are names
    found = [
        address
        for each in document.items("endpoints")
        for address in (() if named else addresses(each, "addresses"))
    ]
    ports = [
        (_protocol(each), number)
        for each in document.items("ports")
        if (number := each.whole("port", 1, LAST_PORT)) is not None
    ]
    service_name = metadata.labels().get(_SERVICE_LABEL, "")
    return EndpointSlice(namespace_of(document), metadata.name(), service_name, at(found), frozenset(ports))
