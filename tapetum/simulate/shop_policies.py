"""The tiers and the policies of the hand-named part of the world. Tables, no logic.

Security and platform guard every namespace with a `team`; what they leave open passes on to the
default tier, where each team writes its own. kube-system has no team and lives by its profile.
"""

from tapetum.simulate.policies import (
    Act,
    Block,
    Peer,
    Policy,
    PolicyKind,
    Rule,
    Selection,
    Tier,
    allow,
    deny,
    kubernetes,
    terms,
    who,
)

TIERS = (Tier("security", 100, "pass"), Tier("platform", 200, "pass"), Tier("default", 1_000_000, "deny"))

_GLOBAL, _NAMESPACED = PolicyKind.GLOBAL, PolicyKind.NAMESPACED
_TEAMS = Selection((), terms("team"))
_DNS = who("k8s-app=kube-dns", namespaces="kubernetes.io/metadata.name=kube-system")
_PROMETHEUS = who("app=prometheus", namespaces="team=sre")
_INGRESS = who("app=ingress-nginx-controller", namespaces="team=edge")
_INTRANET = Peer(nets=("10.20.0.0/16",))
_EVERYONE = Selection()

SECURITY = (
    Policy(_GLOBAL, "security", "quarantine", 10, Selection(terms("quarantine=true"), terms("team")),
           ingress=(Rule(Act.LOG), deny()), egress=(Rule(Act.LOG), deny())),
    Policy(_GLOBAL, "security", "threat-feed-block", 20, _TEAMS,
           ingress=(deny(None, who("feed=threat")),), egress=(deny(None, who("feed=threat")),)),
    Policy(_GLOBAL, "security", "block-metadata-api", 25, _TEAMS,
           egress=(deny("tcp", Peer(nets=("169.254.169.254/32",)), 80),)),
    Policy(PolicyKind.STAGED_GLOBAL, "security", "deny-tor-exits", 30, _TEAMS,
           ingress=(deny(None, who("feed=tor")),), egress=(deny(None, who("feed=tor")),)),
    Policy(_GLOBAL, "security", "egress-dns-only", 40, _TEAMS,
           egress=(allow("udp", _DNS, 53), allow("tcp", _DNS, 53), deny("udp", Peer(), 53))),
)  # fmt: skip

OBSERVABILITY_ACCESS = Policy(
    _GLOBAL, "platform", "allow-observability", 100, _TEAMS, ingress=(allow("tcp", _PROMETHEUS, "metrics"),)
)

MIGRATOR = allow("tcp", who("role=migrator", namespaces="team"), 5432)
"""Added by an edit some minutes after the cluster was set up; no pod has the role."""

DB_ISOLATION = Policy(
    _NAMESPACED, "platform", "db-isolation", 110, Selection(terms("tier=db")), namespace="data",
    ingress=(
        allow("tcp", who("app=ledger,cart,catalog", namespaces="team"), 5432),
        allow("tcp", who("app=cart,session,payment-api", namespaces="team"), 6379),
        allow("tcp", who(namespaces="kafka-client=true"), 9092),
        deny(None, who(namespaces="team=payments")),
        MIGRATOR,
    ),
)  # fmt: skip

PLATFORM = (
    OBSERVABILITY_ACCESS,
    DB_ISOLATION,
    Policy(_GLOBAL, "platform", "ingress-gateway", 120,
           Selection(terms("app=ingress-nginx-controller"), terms("team=edge")),
           ingress=(allow("tcp", Peer(), 80, 443), deny())),
    Policy(_GLOBAL, "platform", "legacy-nfs", 130, Selection(terms("nfs-client=true"), terms("team")),
           ingress=(deny(),), egress=(allow("tcp", _INTRANET, 2049), deny("tcp", Peer(), 2049))),
    Policy(_GLOBAL, "platform", "host-access", 150, Selection(terms("node-type=edge")),
           ingress=(
               allow("tcp", _PROMETHEUS, 9100),
               allow("tcp", Peer(nets=("10.20.0.0/16",)), 22),
               allow("icmp", _INTRANET),
               deny(),
           ),
           egress=(allow(None, Peer()),)),
)  # fmt: skip

RESTRICT_EGRESS = Policy(
    PolicyKind.STAGED, "default", "restrict-egress", 580, _EVERYONE, namespace="payments",
    egress=(
        allow("tcp", Peer(domains=("api.stripe.com", "api.maxmind.com", "rates.ecb.europa.eu",
                                   "*.eu-west-1.amazonaws.com", "ocsp.digicert.com")), 80, 443),
        allow("tcp", who("external=banks"), 443),
        allow(None, who(namespaces="team")),
        deny(),
    ),
)  # fmt: skip

TEAMS = (
    Policy(_NAMESPACED, "default", "storefront-mesh", 500, _EVERYONE, namespace="storefront",
           ingress=(
               allow("tcp", _INGRESS, 8080),
               allow("tcp", who()),
               allow("tcp", _INTRANET, 8080),
               allow("tcp", who("app=checkout", namespaces="team=checkout"), 3550, 7000),
           )),
    Policy(_NAMESPACED, "default", "checkout-api", 510,
           Selection(terms("app=checkout,shipping,email,quote")), namespace="checkout",
           ingress=(
               allow("tcp", who("app=frontend", namespaces="team=storefront"), 5050),
               allow("tcp", who("app=checkout"), 8083, 8084, 8090),
               allow("tcp", who("app=quote"), 8083),
           )),
    kubernetes("checkout", "cart-clients", "app=cart",
               Block((Selection(terms("app=frontend"), terms("team=storefront")),
                      Selection(terms("app=checkout"))), (("TCP", 7070),))),
    Policy(_NAMESPACED, "default", "payments-api", 520, _EVERYONE, namespace="payments",
           ingress=(
               allow("tcp", who("app=checkout", namespaces="team=checkout"), 8443),
               allow("tcp", who("app=payment-api"), 8086, 9000),
               allow("tcp", who("app=export"), 9000),
           )),
    RESTRICT_EGRESS,
    Policy(_NAMESPACED, "default", "allow-egress-any", 600, _EVERYONE, namespace="payments",
           egress=(allow(None, Peer()),)),
    Policy(_NAMESPACED, "default", "data-stores", 530, _EVERYONE, namespace="data",
           ingress=(
               allow("tcp", who("app=fluent-bit", namespaces="team=sre"), 9200),
               allow("tcp", who("app=search", namespaces="team=storefront"), 9200),
               allow("tcp", who("app=loki", namespaces="team=sre"), 9001),
               allow("tcp", who(), 5432, 9001, 9093, 9300),
               allow("tcp", who("role=worker,api", namespaces="zone=apps"), 9200),
           )),
    Policy(_NAMESPACED, "default", "observability-access", 540, _EVERYONE, namespace="observability",
           ingress=(
               allow("tcp", who(namespaces="team"), 4317),
               allow("udp", who(namespaces="team"), 8125),
               allow("tcp", who()),
               allow("tcp", _INGRESS, 3000),
           )),
    Policy(_NAMESPACED, "default", "delivery-guard", 550, _EVERYONE, namespace="delivery",
           ingress=(allow("tcp", who()), allow("tcp", _INGRESS, 8080)),
           egress=(
               allow("tcp", who()),
               allow("tcp", Peer(domains=("github.com", "*.docker.io", "ghcr.io")), 443),
               allow("tcp", Peer(nets=("10.0.255.0/24",)), 443),
               allow("tcp", who("app=otel-collector", namespaces="team=sre"), 4317),
           )),
    kubernetes("kube-system", "allow-dns", "k8s-app=kube-dns",
               Block((), (("UDP", 53), ("TCP", 53), ("TCP", 9153)))),
)  # fmt: skip

POLICIES = (*SECURITY, *PLATFORM, *TEAMS)
