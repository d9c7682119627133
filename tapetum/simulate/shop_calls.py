"""Who calls whom in the hand-named part of the world, how often, and how it ends. A table, no logic."""

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """What became of an allowed connection."""

    GIVEN = "given"
    NONE = "none"  # the server took the packets and stayed silent, or nobody was there
    LOST = "lost"  # the server answered and the answer never arrived


@dataclass(frozen=True, slots=True)
class Call:
    """`port` names a port of the target, or is `number/protocol` where that has none.

    `rate` is connections a second over all pods at noon, `out` and `back` bytes a connection, `rtt`
    microseconds, `held` connections that stay open. `ends` is what the author of the policies
    meant; tests hold it against the verdicts.
    """

    source: str
    target: str
    port: str
    rate: float
    out: int = 900
    back: int = 4_000
    rtt: int = 600
    held: int = 0
    answer: Answer = Answer.GIVEN
    ends: str = "allowed"  # or: denied at source, denied at destination, denied, either


_AT_SOURCE, _AT_TARGET = "denied at source", "denied at destination"

CALLS = (
    Call("@public", "ingress/ingress-nginx-controller", "https", 2_400, 1_400, 18_000, 38_000),
    Call("@public", "ingress/ingress-nginx-controller", "http", 60, 500, 600, 41_000),
    Call("@private", "ingress/ingress-nginx-controller", "https", 45, 1_100, 9_000, 6_000),
    Call("@private", "storefront/frontend", "http", 12, 800, 6_000, 6_500),
    Call("#tor-exits", "ingress/ingress-nginx-controller", "https", 0.6, 900, 4_000, 180_000),
    Call("#threat-feed", "ingress/ingress-nginx-controller", "https", 0.12, ends=_AT_TARGET),
    Call("@scanner", "ingress/ingress-nginx-controller", "8080/tcp", 0.22, ends=_AT_TARGET),
    Call("@scanner", "ingress/ingress-nginx-controller", "22/tcp", 0.1, ends=_AT_TARGET),
    Call("ingress/ingress-nginx-controller", "storefront/frontend", "http", 2_380, 1_900, 18_400, 350),
    Call("ingress/ingress-nginx-controller", "observability/grafana", "http", 1.5, 900, 22_000),
    Call("ingress/ingress-nginx-controller", "delivery/argocd-server", "http", 0.8, 700, 9_000),
    Call("storefront/frontend", "storefront/catalog", "grpc", 1_900, 300, 7_800, 320, 12),
    Call("storefront/frontend", "storefront/search", "http", 310, 420, 6_100, 900),
    Call("storefront/frontend", "storefront/recommend", "grpc", 640, 380, 1_200, 700, 6),
    Call("storefront/frontend", "storefront/ad", "grpc", 880, 210, 640, 450, 6),
    Call("storefront/frontend", "storefront/currency", "grpc", 1_200, 150, 190, 280, 6),
    Call("storefront/frontend", "storefront/session", "http", 2_100, 340, 520, 300),
    Call("storefront/frontend", "checkout/checkout", "grpc", 910, 2_100, 5_600, 620, 10),
    Call("storefront/frontend", "checkout/cart", "grpc", 1_150, 320, 900, 480, 10),
    Call("storefront/recommend", "storefront/catalog", "grpc", 410, 260, 6_400, 380),
    Call("storefront/search", "data/opensearch", "https", 300, 900, 14_000, 1_400, 12),
    Call("storefront/session", "data/redis", "redis", 1_800, 160, 410, 210, 24),
    Call("storefront/catalog", "data/postgres", "postgresql", 180, 1_100, 16_000, 1_800, 20),
    Call("storefront/catalog", "storefront/mail-relay", "smtp", 0.08, answer=Answer.NONE),
    Call("storefront/mail-relay", "@mail-gateway", "25/tcp", 0.12, answer=Answer.NONE),
    Call("storefront/recommend", "observability/otel-collector", "statsd", 22, 180, 0, answer=Answer.NONE),
    Call("storefront/ad", "@metadata", "80/tcp", 0.05, ends=_AT_SOURCE),
    Call("checkout/checkout", "checkout/cart", "grpc", 905, 300, 1_100, 420, 8),
    Call("checkout/checkout", "checkout/shipping", "http", 440, 700, 900, 900),
    Call("checkout/checkout", "checkout/email", "http", 190, 2_400, 200, 1_100),
    Call("checkout/checkout", "checkout/quote", "http", 430, 500, 300, 800),
    Call("checkout/checkout", "storefront/catalog", "grpc", 700, 240, 4_100, 350),
    Call("checkout/checkout", "storefront/currency", "grpc", 690, 150, 190, 290),
    Call("checkout/checkout", "payments/payment-api", "https", 604, 2_900, 1_700, 6_200, 10),
    Call("checkout/checkout", "data/kafka", "kafka", 96, 3_400, 400, 2_200, 5),
    Call("checkout/cart", "data/redis", "redis", 1_300, 240, 700, 220, 16),
    Call("checkout/cart", "data/postgres", "postgresql", 71, 800, 2_800, 1_900, 12),
    Call("checkout/quote", "checkout/shipping", "http", 60, 300, 420, answer=Answer.LOST),
    Call("checkout/shipping", "@api.carrier-rates.com", "443/tcp", 9, 1_400, 6_000, 31_000),
    Call("checkout/email", "@api.sendgrid.com", "443/tcp", 160, 6_000, 1_900, 24_000),
    Call("checkout/email", "storefront/mail-relay", "smtp", 0.2, ends=_AT_TARGET),
    Call("payments/payment-api", "payments/fraud-check", "http", 88, 1_900, 700, 5_200),
    Call("payments/payment-api", "payments/ledger", "http", 240, 1_600, 900, 1_500, 6),
    Call("payments/payment-api", "data/redis", "redis", 520, 300, 520, 230, 12),
    Call("payments/payment-api", "data/kafka", "kafka", 88, 2_600, 380, 2_100, 6),
    Call("payments/payment-api", "@api.stripe.com", "443/tcp", 38, 5_200, 4_900, 29_000, 2),
    Call("payments/payment-api", "@ocsp.digicert.com", "80/tcp", 0.8, 480, 1_900, 18_000),
    Call("payments/fraud-check", "@api.maxmind.com", "443/tcp", 21, 2_200, 5_900, 22_000),
    Call("payments/ledger", "data/postgres", "postgresql", 236, 2_600, 3_700, 2_100, 24),
    Call("payments/ledger", "data/kafka", "kafka", 40, 5_200, 300, 2_300, 3),
    Call("payments/ledger", "#partner-banks", "443/tcp", 3.2, 7_400, 3_300, 46_000),
    Call("payments/ledger", "@rates.ecb.europa.eu", "443/tcp", 0.4, 700, 9_000, 35_000),
    Call("payments/export", "payments/ledger", "http", 4, 700, 92_000, 1_900),
    Call("payments/export", "@s3.eu-west-1.amazonaws.com", "443/tcp", 2, 240_000, 1_800, 17_000),
    Call("data/postgres", "data/postgres", "postgresql", 0.2, 9_000, 180_000, 300, 2),
    Call("data/kafka", "data/kafka", "controller", 2, 4_000, 4_000, 280, 6),
    Call("data/opensearch", "data/opensearch", "transport", 4, 24_000, 24_000, 300, 9),
    Call("data/minio", "data/minio", "s3", 6, 120_000, 4_000, 320, 12),
    Call("observability/prometheus", "payments/ledger", "telemetry", 0.03, ends=_AT_TARGET),
    Call("observability/grafana", "observability/prometheus", "web", 14, 900, 31_000, 700),
    Call("observability/grafana", "observability/loki", "http", 3, 900, 64_000, 900),
    Call("observability/grafana", "@hooks.slack.com", "443/tcp", 0.02, 1_900, 700, 26_000),
    Call("observability/fluent-bit", "observability/loki", "http", 40, 64_000, 300, 700, 12),
    Call("observability/fluent-bit", "data/opensearch", "https", 12, 48_000, 900, 1_300, 6),
    Call("observability/fluent-bit", "@public-dns", "53/udp", 0.06, ends=_AT_SOURCE),
    Call("observability/loki", "data/minio", "s3", 5, 200_000, 2_000, 900),
    Call("ingress/cert-manager", "@acme-v02.api.letsencrypt.org", "443/tcp", 0.05, 2_400, 6_000, 21_000),
    Call("ingress/cert-manager", "@api-server", "443/tcp", 1.2, 1_200, 8_000, 900, 2),
    Call("ingress/external-dns", "@route53.amazonaws.com", "443/tcp", 0.1, 1_900, 12_000, 24_000),
    Call("delivery/argocd-server", "delivery/argocd-repo-server", "grpc", 3, 900, 14_000),
    Call("delivery/argocd-repo-server", "@github.com", "443/tcp", 0.9, 2_200, 96_000, 23_000),
    Call("delivery/argocd-server", "@api-server", "443/tcp", 4, 2_400, 18_000, 900, 4),
    Call("delivery/build-runner", "@github.com", "443/tcp", 1.2, 3_000, 420_000, 23_000),
    Call("delivery/build-runner", "@ghcr.io", "443/tcp", 0.6, 900_000, 4_000, 25_000),
    Call("delivery/argocd-repo-server", "@registry.npmjs.org", "443/tcp", 0.3, ends=_AT_SOURCE),
    Call("delivery/legacy-reports", "data/opensearch", "https", 0.06, ends=_AT_SOURCE),
    Call("kube-system/metrics-server", "@api-server", "443/tcp", 1, 900, 6_000, 800, 2),
    Call("kube-system/cluster-autoscaler", "@api-server", "443/tcp", 2, 900, 14_000, 800, 2),
    Call("kube-system/cluster-autoscaler", "@ec2.eu-west-1.amazonaws.com", "443/tcp", 0.2, 1_900, 24_000,
         19_000),
    Call("kube-system/calico-kube-controllers", "@api-server", "443/tcp", 1.5, 1_000, 9_000, 800, 3),
    Call("kube-system/ebs-csi-controller", "@ec2.eu-west-1.amazonaws.com", "443/tcp", 0.1, 1_400, 5_000,
         19_000),
    Call("kube-system/snapshot-controller", "@api-server", "443/tcp", 0.5, 800, 4_000, 800, 1),
)  # fmt: skip
"""A source or target is `namespace/name`, `@remote` or `#network-set`."""
