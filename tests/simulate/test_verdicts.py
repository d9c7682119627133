"""Traces are held against docs/data-model.md's rules here, and against the manifests next door."""

import re

from tapetum.simulate import World
from tapetum.simulate.connections import Connection
from tapetum.simulate.verdicts import Verdict

ENTRY = re.compile(r"(\d+)\|([^|]+)\|([^|]+)\|(allow|deny|pass)\|(-?\d+)")


def entries(trace: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [ENTRY.fullmatch(text).groups() for text in trace]


def verdicts(world: World) -> set[Verdict]:
    return {side for each in world.connections for side in (each.egress, each.ingress) if side}


def sole(world: World, source: str, target: str, port: str) -> Connection:
    (found,) = (
        each
        for each in world.connections
        if (each.call.source, each.call.target, each.call.port) == (source, target, port)
    )
    return found


def test_traces_are_well_formed(demo: World, grown: World) -> None:
    for verdict in verdicts(demo) | verdicts(grown):
        for trace, allowed in (
            (verdict.enforced, verdict.allowed),
            (verdict.pending, verdict.pending_allowed),
        ):
            hits = entries(trace)
            assert [int(hit[0]) for hit in hits] == list(range(len(hits)))
            assert [hit[3] for hit in hits[:-1]] == ["pass"] * (len(hits) - 1)
            assert hits[-1][3] == ("allow" if allowed else "deny")
            tiers = [hit[1] for hit in hits]
            order = ["security", "platform", "default", "__PROFILE__"]
            assert tiers == sorted(set(tiers), key=order.index)
            assert all(int(hit[4]) >= -1 for hit in hits)
        assert not any("staged:" in text for text in verdict.enforced)
        every = entries(verdict.every)
        assert [int(hit[0]) for hit in every] == list(range(len(every)))
        assert {hit[1:] for hit in every} == {hit[1:] for hit in entries(verdict.enforced + verdict.pending)}


def test_what_no_policy_selects_lives_by_its_profile(demo: World) -> None:
    lone = sole(demo, "kube-system/metrics-server", "@api-server", "443/tcp")
    assert lone.egress.enforced == ("0|__PROFILE__|__PROFILE__.kns.kube-system|allow|0",)
    assert lone.ingress is None


def test_a_selected_endpoint_without_a_matching_rule_gets_the_tiers_default(demo: World) -> None:
    scrape = sole(demo, "observability/prometheus", "payments/ledger", "telemetry")
    assert scrape.ingress.enforced == (
        "0|security|security.threat-feed-block|pass|-1",
        "1|platform|platform.allow-observability|pass|-1",
        "2|default|payments/default.payments-api|deny|-1",
    )


def test_log_rules_keep_their_index(demo: World) -> None:
    quarantined = sole(demo, "delivery/legacy-reports", "data/opensearch", "https")
    assert quarantined.egress.enforced == ("0|security|security.quarantine|deny|1",)


def test_a_kubernetes_policys_rule_index_is_that_of_its_sorted_protocols(demo: World) -> None:
    """The document lists UDP first."""
    lookup = sole(demo, "checkout/cart", "kube-system/coredns", "dns")
    scrape = sole(demo, "observability/prometheus", "kube-system/coredns", "metrics")
    assert lookup.ingress.enforced == ("0|default|kube-system/knp.default.allow-dns|allow|1",)
    assert scrape.ingress.enforced == ("0|default|kube-system/knp.default.allow-dns|allow|0",)


def test_staged_policies_decide_only_what_is_pending(demo: World) -> None:
    stripe = sole(demo, "payments/payment-api", "@api.stripe.com", "443/tcp").egress
    assert stripe.enforced[-1] == "1|default|payments/default.allow-egress-any|allow|0"
    assert stripe.pending[-1] == "1|default|payments/staged:default.restrict-egress|allow|0"
    assert [hit.partition("|")[2] for hit in stripe.every] == [
        "security|security.threat-feed-block|pass|-1",
        "default|payments/staged:default.restrict-egress|allow|0",
        "default|payments/default.allow-egress-any|allow|0",
    ]
    beacon = sole(demo, demo.job.key, "@cdn-telemetry-sync.top", "443/tcp").egress
    assert (beacon.allowed, beacon.pending_allowed) == (True, False)
    tor = sole(demo, "#tor-exits", "ingress/ingress-nginx-controller", "https").ingress
    assert (tor.allowed, tor.pending) == (True, ("0|security|staged:security.deny-tor-exits|deny|0",))


def test_egress_and_ingress_of_the_denied_database(demo: World) -> None:
    knock = sole(demo, demo.job.key, "data/postgres", "postgresql")
    assert knock.egress.enforced == (
        "0|security|security.threat-feed-block|pass|-1",
        "1|default|payments/default.allow-egress-any|allow|0",
    )
    assert knock.ingress.enforced == (
        "0|security|security.threat-feed-block|pass|-1",
        "1|platform|data/platform.db-isolation|deny|3",
    )
