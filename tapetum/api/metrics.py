"""What the API counts about itself. Labels take few values, none of them from a request's text."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from tapetum.domain.errors import TapetumError

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def _codes() -> frozenset[str]:
    return frozenset(kind.code for kind in _subclasses(TapetumError))


def _subclasses(kind: type[TapetumError]) -> list[type[TapetumError]]:
    return [kind, *(deeper for below in kind.__subclasses__() for deeper in _subclasses(below))]


class Metrics:
    """Give the service's registry to have one page for all."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.operations = Counter(
            "tapetum_graphql_operations_total",
            "GraphQL operations by root field and outcome (ok, or the code of the first error).",
            ["field", "outcome"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "tapetum_graphql_operation_seconds",
            "How long queries took.",
            ["field"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.sockets = Gauge(
            "tapetum_live_clients", "Clients connected by WebSocket or event stream.", registry=self.registry
        )
        self.streams = Gauge(
            "tapetum_live_streams", "Different subscriptions that run now.", registry=self.registry
        )
        self.subscribers = Gauge(
            "tapetum_live_subscribers", "Clients that follow them.", registry=self.registry
        )
        self.sent = Counter(
            "tapetum_live_messages_total", "Events handed to clients.", registry=self.registry
        )
        self.closed = Counter(
            "tapetum_websockets_closed_total", "WebSockets that we closed.", ["code"], registry=self.registry
        )
        self.exports = Counter(
            "tapetum_exports_total",
            "Exports by outcome (ok, LEFT where the client left, or the code of the error).",
            ["outcome"],
            registry=self.registry,
        )
        self._outcomes = _codes()

    def count(self, field: str, code: str | None, seconds: float | None = None) -> None:
        """One operation; `field` is a root field's name or a fixed word."""
        outcome = "ok" if code is None else code if code in self._outcomes else "OTHER"
        self.operations.labels(field, outcome).inc()
        if seconds is not None:
            self.seconds.labels(field).observe(seconds)

    def page(self) -> bytes:
        return generate_latest(self.registry)
