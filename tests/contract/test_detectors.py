"""What detectors see through every LogStore: a day of normal traffic is none, each attack is its own."""

from dataclasses import replace
from typing import Any

from tapetum.catalog.shipped import shipped
from tapetum.detect.detecting import within
from tapetum.detect.detectors import Asker, Finding
from tapetum.detect.rules import Rule, rule_set
from tapetum.detect.windows import Standing
from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import DocumentKind
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.logstore.port import LogStore
from tests.contract.logs import Logs
from tests.support import attacks
from tests.support.factory import HOUR, MINUTE, Flow, batch
from tests.support.records import record_batch

RULES = {rule.id.removeprefix("builtin."): rule for rule in rule_set(shipped(DocumentKind.ALERT_RULE)).rules
         if rule.says.detector is not None}  # fmt: skip
RAISED: dict[str, set[str]] = {
    "quiet": set(),
    "quiet-lookups": set(),
    "scan": {"port-scan", "new-edge"},
    "sweep": {"port-scan"},
    "sweep-of-a-known-port": {"port-scan"},
    "taken-over": {"exfiltration", "new-destination"},
    "lateral-movement": {"lateral-movement", "new-edge"},
    "beacon": {"beaconing", "new-destination"},
    "exfiltration": {"exfiltration"},
    "new-process": {"new-process"},
    "new-edge": {"new-edge"},
    "dns-tunnel": {"dns-tunnel"},
    "generated-domains": {"generated-domains"},
}
"""By attack; what begins by calling something new is also told as that."""


def put(logs: Logs, cluster: str, lines: list[Any]) -> None:
    """Flows and lookups, each kind as one batch."""
    mine = [replace(one, cluster=cluster) for one in lines]
    flows = [one for one in mine if isinstance(one, Flow)]
    lookups = [one for one in mine if not isinstance(one, Flow)]
    with logs.transaction() as transaction:
        if flows:
            logs.store.append(transaction, batch(flows, cluster=cluster))
        if lookups:
            logs.store.append(transaction, record_batch(lookups))


async def found(store: LogStore[Any], rule: Rule, cluster: str) -> list[Finding]:
    assert rule.says.detector is not None
    ask = Asker(store, EVERYTHING, rule, cluster)
    span = TimeRange(attacks.ATTACKED - 3 * HOUR, attacks.ENDED)
    findings = (await within(rule.says.detector, ask, Standing(), span)).found
    for one in findings:
        assert await ask.evidence(one.seen, *one.where), one
    return list(findings)


async def test_each_attack_is_seen_for_what_it_is(logs: Logs) -> None:
    told: dict[str, set[str]] = {}
    for number, attack in enumerate(RAISED):
        cluster = f"c{number}"
        at = attacks.ATTACKED + (7 + 11 * number) * MINUTE // 10
        lines = [*attacks.ATTACKS[attack](at)]
        flows = isinstance(lines[0], Flow)
        lines += attacks.normal_flows() if flows else attacks.normal_lookups()
        put(logs, cluster, lines)
        told[attack] = set()
        for name, rule in RULES.items():
            if flows != (rule.says.kind is RecordKind.FLOWS):
                continue
            findings = await found(logs.store, rule, cluster)
            assert all(one.at >= attacks.ATTACKED - HOUR for one in findings), findings
            assert len({one.group for one in findings}) == len(findings), "each is told once"
            told[attack] |= {name} if findings else set()
    assert told == RAISED
    assert set(RULES) == set.union(*RAISED.values()) | {"slow-scan", "policy-loosened"}, (
        "which tests/contract/test_traffic.py and tests/service/test_policy_loosened.py have"
    )
