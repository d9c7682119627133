"""The hand-named part of the world: a shop, its data, its platform. Tables, no logic.

Who calls whom is in `shop_calls`, who may is in `shop_policies`.
"""

from tapetum.simulate.inventory import Kind, Namespace, NetworkSet, Port, Process, Remote, Rhythm, Workload

ESSENTIAL = (
    "kube-system/coredns",
    "data/postgres",
    "payments/export",
    "payments/payment-api",
    "payments/ledger",
    "data/redis",
)
"""Without these there is no name resolution and no story to tell."""

NAMESPACES = tuple(
    Namespace(name, {"kubernetes.io/metadata.name": name, **labels})
    for name, labels in (
        ("kube-system", {}),
        ("payments", {"team": "payments", "env": "prod", "kafka-client": "true", "pci": "true"}),
        ("data", {"team": "data", "env": "prod"}),
        ("storefront", {"team": "storefront", "env": "prod"}),
        ("checkout", {"team": "checkout", "env": "prod", "kafka-client": "true"}),
        ("observability", {"team": "sre", "env": "prod"}),
        ("ingress", {"team": "edge", "env": "prod"}),
        ("delivery", {"team": "delivery", "env": "tools"}),
    )
)
"""In the order in which a smaller world keeps them."""

_D, _S, _A, _C = Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.DAEMON_SET, Kind.CRON_JOB


def _unit(
    key: str,
    kind: Kind,
    replicas: int,
    ports: str,
    process: str,
    labels: str = "",
    *,
    rhythm: Rhythm = Rhythm.STEADY,
    every: int = 0,
    service: str = "",
) -> Workload:
    namespace, name = key.split("/")
    command, *arguments = process.split(" ", 1)
    marks = {"app": name, "app.kubernetes.io/part-of": namespace}
    marks.update(dict(mark.split("=") for mark in labels.split()))
    return Workload(
        namespace=namespace,
        name=name,
        kind=kind,
        replicas=replicas,
        labels=marks,
        ports=tuple(_port(text) for text in ports.split()),
        process=Process(command, tuple(arguments)),
        rhythm=rhythm,
        period=every,
        service=service,
    )


def _port(text: str) -> Port:
    name, rest = text.split(":")
    number, _, protocol = rest.partition("/")
    return Port(name, int(number), protocol or "tcp")


_U, _B = Rhythm.USER, Rhythm.BATCH
_DAY = 86_400

WORKLOADS = (
    _unit("storefront/frontend", _D, 6, "http:8080 metrics:9464", "node server.js", "tier=web", rhythm=_U,
          every=_DAY),
    _unit("storefront/catalog", _D, 4, "grpc:3550 metrics:9464", "/app/catalog --port=3550", "tier=api",
          rhythm=_U, every=3 * _DAY),
    _unit("storefront/search", _D, 3, "http:8081 metrics:9464", "java -jar /app/search.jar", "tier=api",
          rhythm=_U, every=7 * _DAY),
    _unit("storefront/recommend", _D, 3, "grpc:8085 metrics:9464", "python3 recommend.py", "tier=api",
          rhythm=_U, every=2 * _DAY),
    _unit("storefront/ad", _D, 2, "grpc:9555 metrics:9464", "java -jar /app/ad.jar", "tier=api", rhythm=_U),
    _unit("storefront/currency", _D, 2, "grpc:7000 metrics:9464", "node currency.js", "tier=api", rhythm=_U),
    _unit("storefront/session", _D, 3, "http:8082 metrics:9464", "/app/session", "tier=api", rhythm=_U,
          every=5 * _DAY),
    _unit("storefront/mail-relay", _D, 1, "smtp:2525", "/usr/sbin/exim4 -bd -q30m", "tier=api"),
    _unit("checkout/checkout", _D, 5, "grpc:5050 metrics:9464", "/app/checkout --listen=:5050", "tier=api",
          rhythm=_U, every=2 * _DAY),
    _unit("checkout/cart", _D, 4, "grpc:7070 metrics:9464", "dotnet cart.dll", "tier=api", rhythm=_U,
          every=_DAY),
    _unit("checkout/shipping", _D, 2, "http:8083 metrics:9464", "/app/shipping", "tier=api", rhythm=_U),
    _unit("checkout/email", _D, 2, "http:8084 metrics:9464", "ruby email_server.rb", "tier=worker",
          rhythm=_U),
    _unit("checkout/quote", _D, 2, "http:8090 metrics:9464", "php-fpm quote.php", "tier=api", rhythm=_U),
    _unit("payments/payment-api", _D, 6, "https:8443 metrics:9464", "node payment-api.js", "tier=api",
          rhythm=_U, every=_DAY),
    _unit("payments/fraud-check", _D, 3, "http:8086 metrics:9464", "python3 -m fraud_check", "tier=api",
          rhythm=_U, every=4 * _DAY),
    _unit("payments/ledger", _S, 3, "http:9000 telemetry:9464", "/app/ledgerd --data=/var/lib/ledger",
          "tier=api", rhythm=_U),
    _unit("payments/export", _C, 1, "", "python3 /app/export.py --format=csv", "tier=batch", rhythm=_B,
          every=6 * 3600),
    _unit("data/postgres", _S, 3, "postgresql:5432 metrics:9187", "postgres -D /var/lib/postgresql/data",
          "tier=db"),
    _unit("data/redis", _S, 3, "redis:6379 metrics:9121", "redis-server *:6379", "tier=db"),
    _unit("data/kafka", _S, 3, "kafka:9092 controller:9093 metrics:7071",
          "java -Xmx4G kafka.Kafka /etc/kafka/server.properties", "tier=db"),
    _unit("data/minio", _S, 4, "s3:9001 metrics:9002", "minio server /export", "tier=object"),
    _unit("data/opensearch", _S, 3, "https:9200 transport:9300 metrics:9114",
          "java -Xms2g org.opensearch.bootstrap.OpenSearch", "tier=search"),
    _unit("observability/prometheus", _S, 2, "web:9090 metrics:9091",
          "/bin/prometheus --config.file=/etc/prometheus/prometheus.yml", "tier=monitor"),
    _unit("observability/otel-collector", _D, 3, "otlp:4317 statsd:8125/udp metrics:8888",
          "/otelcol --config=/conf/relay.yaml", "tier=monitor"),
    _unit("observability/grafana", _D, 2, "http:3000 metrics:3001", "grafana server", "tier=monitor",
          rhythm=_U),
    _unit("observability/loki", _S, 2, "http:3100 metrics:3101", "/usr/bin/loki -config.file=/etc/loki.yaml",
          "tier=monitor"),
    _unit("observability/fluent-bit", _A, 0, "metrics:2020", "/fluent-bit/bin/fluent-bit -c /fb.conf",
          "tier=agent"),
    _unit("ingress/ingress-nginx-controller", _D, 3, "http:80 https:443 metrics:10254",
          "/nginx-ingress-controller --publish-service=ingress/nginx", "tier=gateway", rhythm=_U),
    _unit("ingress/cert-manager", _D, 1, "metrics:9402", "/app/cmd/controller --v=2", "tier=controller"),
    _unit("ingress/external-dns", _D, 1, "metrics:7979", "/bin/external-dns --provider=aws",
          "tier=controller"),
    _unit("delivery/argocd-server", _D, 2, "http:8080 metrics:8083", "argocd-server", "tier=tools"),
    _unit("delivery/argocd-repo-server", _D, 2, "grpc:8081 metrics:8084", "argocd-repo-server", "tier=tools",
          every=7 * _DAY),
    _unit("delivery/build-runner", _C, 2, "", "/usr/local/bin/runner --once", "tier=tools", rhythm=_U,
          every=1800),
    _unit("delivery/legacy-reports", _D, 1, "http:8088", "perl report.pl --daily",
          "tier=tools quarantine=true"),
    _unit("kube-system/coredns", _D, 2, "dns:53/udp dns-tcp:53 metrics:9153",
          "/coredns -conf /etc/coredns/Corefile", "k8s-app=kube-dns", service="kube-dns"),
    _unit("kube-system/metrics-server", _D, 2, "https:10250", "/metrics-server --secure-port=10250",
          "k8s-app=metrics-server"),
    _unit("kube-system/cluster-autoscaler", _D, 1, "metrics:8085", "./cluster-autoscaler --v=4",
          "k8s-app=cluster-autoscaler"),
    _unit("kube-system/ebs-csi-controller", _D, 2, "healthz:9808", "/bin/aws-ebs-csi-driver controller",
          "k8s-app=ebs-csi"),
    _unit("kube-system/calico-kube-controllers", _D, 1, "metrics:9094", "/usr/bin/kube-controllers",
          "k8s-app=calico-kube-controllers"),
    _unit("kube-system/snapshot-controller", _D, 1, "", "/snapshot-controller --leader-election=true",
          "k8s-app=snapshot-controller"),
)  # fmt: skip

BEACON_DOMAIN = "cdn-telemetry-sync.top"
BEACON_ADDRESS = "45.137.21.9"


def _fqdn(domain: str, *addresses: str) -> Remote:
    return Remote(f"@{domain}", "pub", addresses, (domain,))


REMOTES = (
    _fqdn("api.stripe.com", "54.187.174.169", "54.187.205.235", "54.187.216.72"),
    _fqdn("api.maxmind.com", "104.16.37.47", "104.16.38.47"),
    _fqdn("ocsp.digicert.com", "192.229.211.108"),
    _fqdn("rates.ecb.europa.eu", "147.67.210.30"),
    _fqdn("s3.eu-west-1.amazonaws.com", "52.218.61.115", "52.92.17.80"),
    _fqdn("api.sendgrid.com", "167.89.118.52", "167.89.118.83"),
    _fqdn("github.com", "140.82.121.3", "140.82.121.4"),
    _fqdn("registry-1.docker.io", "54.236.113.205", "44.208.254.194"),
    _fqdn("ghcr.io", "140.82.121.33"),
    _fqdn("registry.npmjs.org", "104.16.24.34", "104.16.25.34"),
    _fqdn("hooks.slack.com", "18.159.197.225"),
    _fqdn("acme-v02.api.letsencrypt.org", "172.65.32.248"),
    _fqdn("route53.amazonaws.com", "52.46.132.91"),
    _fqdn("ec2.eu-west-1.amazonaws.com", "52.95.121.24"),
    _fqdn("registry.k8s.io", "34.96.108.209"),
    _fqdn("api.carrier-rates.com", "51.68.47.20"),
    _fqdn(BEACON_DOMAIN, BEACON_ADDRESS),
    Remote("@public", "pub", ("203.0.113.57", "198.51.100.23", "81.2.69.142", "89.160.20.112")),
    Remote("@scanner", "pub", ("193.32.162.40", "80.94.92.17")),
    Remote("@private", "pvt", ("10.20.4.9", "10.20.7.113", "10.20.31.8")),
    Remote("@bastion", "pvt", ("10.20.0.5",)),
    Remote("@mail-gateway", "pvt", ("10.20.8.4",)),
    Remote("@api-server", "pvt", ("10.0.255.10", "10.0.255.11"),
           service=("default", "kubernetes", "https")),
    Remote("@metadata", "pub", ("169.254.169.254",)),
    Remote("@public-dns", "pub", ("8.8.8.8",)),
)  # fmt: skip

NETWORK_SETS = (
    NetworkSet("threat-feed", {"feed": "threat"}, ("185.220.100.0/24", "91.92.240.0/22", "5.188.206.0/24")),
    NetworkSet("tor-exits", {"feed": "tor"}, ("185.220.101.0/24", "199.249.230.0/24")),
    NetworkSet(
        "partner-banks",
        {"external": "banks"},
        tuple(f"195.{60 + number}.{16 * number}.0/24" for number in range(14)),
        namespace="payments",
    ),
)
