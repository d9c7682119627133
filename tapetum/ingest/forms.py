"""The forms in which logs arrive, and the kind of record that each one holds."""

from enum import StrEnum

from tapetum.domain.batches import RecordKind


class Form(StrEnum):
    CALICO = "calico"  # flow log lines of Calico Enterprise and Cloud
    GOLDMANE = "goldmane"  # Goldmane's emitter, its gRPC answers as JSON, whisker-backend's REST and SSE
    HUBBLE = "hubble"  # Hubble exports, `hubble observe -o jsonpb`
    NETOBSERV = "netobserv"  # flat records of NetObserv's flowlogs-pipeline
    DNS = "dns"  # DNS log lines of Calico Enterprise and Cloud
    L7 = "l7"  # their L7 log lines; access logs of Envoy and of Istio's ztunnel
    AUDIT = "audit"  # audit.k8s.io events of the Kubernetes and Calico API servers
    BGP = "bgp"  # Calico's BGP log lines; BIRD's own
    EVENTS = "events"  # security events: our schema, Suricata's alerts, Calico's

    @property
    def kind(self) -> RecordKind:
        return RecordKind.FLOWS if self in FLOW_FORMS else RecordKind(self.value)


FLOW_FORMS = (Form.CALICO, Form.GOLDMANE, Form.HUBBLE, Form.NETOBSERV)
