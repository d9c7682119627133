"""Texts of alert rules: Calico's and our own, each a rule or a problem in the words of the object."""

import json
from pathlib import Path

import msgspec
import pytest
import yaml

from tapetum.api.use.rule_import import MOST_RULES, read_rules
from tapetum.detect.globalalert import KINDS

SSH = """apiVersion: projectcalico.org/v3
kind: GlobalAlert
metadata: {name: network.ssh}
spec:
  description: ssh flows
  severity: 100
  dataSet: flows
  query: proto='tcp' AND dest_port='22'
  aggregateBy: [source_namespace]
  field: num_flows
  metric: sum
  condition: gt
  threshold: 0
"""
OWN = '{"format": 1, "title": "Lookups", "kind": "dns", "severity": 5}'
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

AT = "rules[0], line 1: GlobalAlert network.ssh: "


def read(*texts: str) -> list[str]:
    """The titles, or what is wrong."""
    found = read_rules((f"rules[{place}]", text) for place, text in enumerate(texts))
    return [str(each) for each in found.problems] or [each.rule.title for each in found.rules]


def test_alerts_of_calico_and_rules_of_our_own_come_together() -> None:
    whole = json.dumps({"kind": "List", "apiVersion": "v1", "items": [yaml.safe_load(SSH)]})
    assert read(f"{SSH}---\n{SSH.replace('network', 'other')}", OWN) == [
        "network.ssh",
        "other.ssh",
        "Lookups",
    ]
    assert read(whole) == ["network.ssh"]


def test_the_same_object_is_the_same_rule_and_another_kind_another() -> None:
    def identity(text: str) -> str:
        ((rule,),) = (read_rules([("x", text)]).rules,)
        return rule.id

    assert identity(SSH) == identity(SSH.replace("100", "5"))
    named = OWN.replace("Lookups", "network.ssh")
    others = (SSH.replace("kind: GlobalAlert", "kind: GlobalAlertTemplate"), SSH.replace("ssh}", "s}"), named)
    assert len({identity(each) for each in (SSH, *others)}) == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            SSH.replace("num_flows", "count"),
            (AT + "spec.field: flows have no field 'count'; `fields(kind: FLOWS)` lists them."),
        ),
        (
            SSH.replace("[source_namespace]", "[source_namespace, nix]"),
            (AT + "spec.aggregateBy[1]: flows have no field 'nix'; `fields(kind: FLOWS)` lists them."),
        ),
        (
            SSH.replace("ssh flows", "${dest_port}"),
            (AT + "spec.summary: a window's groups have no dest_port; group by it, or write ${value}."),
        ),
        (
            SSH.replace("severity: 100", "severity: 101"),
            (AT + "spec.severity: expected `int` <= 100; docs/alerts.md describes the format."),
        ),
        (
            SSH.replace("threshold: 0", "threshold: 0\n  period: 20m"),
            (
                AT + "spec: period is 1200, longer than lookback (600): it "
                "would pass over records; docs/alerts.md describes the format."
            ),
        ),
        (
            SSH.replace("network.ssh", "n" * 121),
            (
                f"rules[0], line 1: GlobalAlert {'n' * 120}: metadata.name: expected `str` of length <= 120; "
                "docs/alerts.md describes the format."
            ),
        ),
        (
            OWN.replace('"dns"', '"dns", "filter": "nix: 1"'),
            (
                'rules[0], line 1: AlertRule Lookups: filter: There is no field "nix" for dns (column 1); '
                "completion lists the fields that there are."
            ),
        ),
        (
            "kind: Pod\nmetadata: {name: p}",
            (
                "rules[0], line 1: Pod p: kind: it is no alert rule; GlobalAlert and GlobalAlertTemplate are "
                "imported, and rules as docs/alerts.md has them."
            ),
        ),
        (f"{SSH}---\n{SSH}", "rules[0], line 15: GlobalAlert network.ssh: it is there twice; keep one."),
        (BOMB, "rules[0], line 6: its aliases repeat more than 100,000 values; write out what is needed."),
        ("a: 1\na: 2", 'rules[0], line 2: the key "a" is there twice; keep one.'),
        ("[" * 10_000, "rules[0], line 1: it is nested deeper than 64 levels; no object of a cluster is."),
        ("x" * (11 << 20), "rules[0]: it is 11,534,336 bytes long; 10,485,760 are the most, so split it."),
        (
            json.dumps({"kind": "List", "items": [{}] * (MOST_RULES + 1)}),
            (
                f"rules[0], line 1, item 1: there are more than {MOST_RULES} rules up to here; import "
                "fewer at once."
            ),
        ),
    ],
    ids=range(14),
)
def test_what_is_wrong_is_told_in_the_words_of_the_object(text: str, told: str) -> None:
    assert read(text) == [told]


def test_one_problem_for_each_object() -> None:
    found = read(SSH.replace("gt", "greater"), f"{OWN}\n{OWN.replace('5', '0')}", SSH)
    assert [each.split(": ")[0] for each in found] == ["rules[0], line 1", "rules[1], line 2"]


DEVIATIONS = {
    "frequent-dns-responses": 'spec.query: There is no field "rtype" for dns (column 23)',
    "http.connections": "spec.field: flows have no field 'count'",
}
"""What the vendor's own documents get wrong: no such field is among those that it documents."""


@pytest.mark.samples
def test_every_documented_alert_is_imported_or_says_which_field_is_unknown(samples: Path) -> None:
    with (samples / "ids" / "tigera_docs_security_resources.ndjson").open("rb") as lines:
        objects = [msgspec.json.decode(line)["object"] for line in lines]
    alerts = [each for each in objects if each["kind"] in KINDS]
    assert len(alerts) == 8
    refused: dict[str, str] = {}
    for each in alerts:
        found = read_rules([("it", json.dumps(each))])
        assert len(found.rules) + len(found.problems) == 1
        refused.update((each["metadata"]["name"], str(problem)) for problem in found.problems)
    assert refused.keys() == DEVIATIONS.keys()
    for name, says in DEVIATIONS.items():
        assert says in refused[name]
