"""Random queries and records, and hostile texts: what each compiler of the query language is checked with."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tapetum.domain.flows import POLICY_LISTS
from tapetum.kql import Query, all_of, any_of, catalogue
from tapetum.kql.fields import Field, FieldType
from tapetum.kql.syntax import (
    Exists,
    FieldRef,
    Is,
    MatchAll,
    Nested,
    Not,
    Operator,
    Phrase,
    Range,
    Term,
    Wildcard,
)

NOW = 1_700_000_000_000_000
KNOWN = catalogue("flows")
NESTED = [field for field in KNOWN.fields.values() if field.type is FieldType.NESTED]
SCALAR = [field for field in KNOWN.fields.values() if field.parent is None and field not in NESTED]

NASTY = [
    "", "'", '"', "%", "_", "\\", "a%b", "a_b", "a\\b", "\x00", "a\x00b", "ä", "😀", "' OR 1=1 --", "?",
    "$1", "*", "a*b", "{", "\n", "--", ";", "\\'", "%%", "__", "á", "ﬀ", "-", "İ",
]  # fmt: skip
WORDS = [
    "allow", "deny", "shop", "shop-db", "web-6b687c8dcb-*", "tcp", "src", "app=web", "x", "xx", "sh",
    *NASTY,
]  # fmt: skip
ADDRESSES = [
    "10.0.0.1", "10.0.255.255", "10.16.3.4", "10.31.0.9", "192.168.1.1", "0.0.0.0", "255.255.255.255",
    "::", "::1", "2001:db8::1", "2001:db8:0:1::5", "2001:db8:ffff::", "fe80::1:2", "1::",
    "64:ff9b::a00:1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
]  # fmt: skip
NETWORKS = [
    "10.0.0.0/8", "10.16.0.0/12", "10.0.0.0/22", "0.0.0.0/0", "10.0.0.1/32", "128.0.0.0/1", "::/0",
    "::/64", "2001:db8::/32", "2001:db8::/33", "2001:db8::/48", "fe80::/10", "::ffff:10.0.0.0/104",
    "1::/16", "2001:db8::1/128", "64:ff9b::/96",
]  # fmt: skip
NUMBERS = [-1, 0, 1, 53, 80, 443, 8080, 2**31, 2**63 - 1, -(2**63), 10**30]
DATES = [
    "2023-11-14", "2023", "2023-11", "now", "now-15m", "now-1h", "now+1d", "1699999999999",
    "2023-11-14T22:13:20Z", "2023-11-14T22:13", "2023-11-14T22:13:19.5", "2023-11-15T00:13:20+02:00",
]  # fmt: skip
POLICIES = [
    "0|default|default.allow-dns|allow|0", "1|default|default.tenant-01-restrict|deny|-1",
    "0|default|default.tenant-01-restrict|pass|0", "0|security|shop/security.deny|deny|2", "0||odd||",
    "2|default|shop/knp.default.web|allow|1", "0|kube-admin|kcnp:x|pass|0",
    "1|default|snp:shop/x|deny|0", "3|__PROFILE__|__PROFILE__.kns.shop|allow|0",
    "0|t|t.t.knp.t.x/knp.t.t.x|deny|0", "0|a/b|a/b.x|deny|0", "%|_|a_b|deny|0", "no marks", "",
]  # fmt: skip
PARTS = [
    "deny", "allow", "default", "allow-dns", "default.tenant-01-restrict", "tenant-01-restrict", "web",
    "shop", "security.deny", "kns.shop", "x", "t.x", "t.t.x", "knp.t.x", "0", "kcnp", "odd", "a_b", "%",
    "tenant", "-", "b.x", "", "no marks",
]  # fmt: skip


def some_value(chance: random.Random, field: Field) -> Any:
    match field.type:
        case FieldType.KEYWORD:
            return chance.choice(POLICIES if field.policy_strings else WORDS)
        case FieldType.IP:
            return chance.choice(ADDRESSES)
        case FieldType.LONG:
            return chance.choice(
                [number for number in NUMBERS if abs(number) < 2**31] if field.parent else NUMBERS[:-1]
            )
        case FieldType.DATE:
            return NOW + chance.choice([-1, 0, 1, -1_000, -900_000_000, 5_000_000_000, -3_600_000_000])
        case FieldType.BOOLEAN:
            return chance.random() < 0.5
        case _:
            raise AssertionError(field)


def some_record(chance: random.Random) -> dict[str, Any]:
    """Sparse, so that much is missing; with null and empty lists, and null elements."""
    record: dict[str, Any] = {}
    for field in SCALAR:
        if chance.random() < 0.5:
            values = [some_value(chance, field) for _ in range(chance.randrange(3))]
            record[field.name] = values if field.multi else some_value(chance, field)
    if chance.random() < 0.8:
        record["policies"] = {
            name: [chance.choice(POLICIES) for _ in range(chance.randrange(3))]
            for name in POLICY_LISTS
            if chance.random() < 0.7
        }
        record["policy_hits"] = [
            {
                field.leaf: some_value(chance, field) if chance.random() < 0.7 else None
                for field in KNOWN.children("policy_hits")
            }
            for _ in range(chance.randrange(4))
        ]
    return record


def some_text(chance: random.Random, field: Field) -> str:
    match field.type:
        case FieldType.IP:
            return chance.choice(ADDRESSES + NETWORKS)
        case FieldType.LONG:
            return str(chance.choice(NUMBERS))
        case FieldType.DATE:
            return chance.choice(DATES)
        case FieldType.BOOLEAN:
            return chance.choice(["true", "false"])
        case _:
            return chance.choice(PARTS + POLICIES if field.policy_strings else WORDS)


def some_pattern(chance: random.Random) -> Wildcard:
    pieces = ["", "", "s", "a", "sh", "shop", "-", "%", "_", "\\", "\x00", "deny", "default", "x", "😀", "'"]
    inner = [piece for piece in chance.choices(pieces, k=chance.randrange(3)) if piece]
    return Wildcard((chance.choice(pieces), *inner, chance.choice(pieces)))


def some_value_asked(chance: random.Random, field: Field) -> Term | Phrase | Wildcard:
    if field.type is FieldType.KEYWORD and chance.random() < 0.3:
        pattern = some_pattern(chance)
        return Phrase("*") if pattern.alone else pattern
    return Phrase(some_text(chance, field))


def some_leaf(chance: random.Random, fields: list[Field], inside: Field | None) -> Query:
    kind = chance.random()
    field = chance.choice(fields)
    ref = FieldRef((field.leaf if inside else field.name,))
    if kind < 0.08:
        pattern = some_pattern(chance)
        return MatchAll() if pattern.alone else Is(None, pattern)
    if kind < 0.16:
        return Is(None, Phrase(some_text(chance, field)))
    if kind < 0.24:
        pattern = FieldRef((chance.choice(["source_", "dest_", "", "policies.", "policy_hits.", "num_"]), ""))
        return Is(pattern, some_value_asked(chance, field))
    if kind < 0.34:
        return Exists(ref)
    if kind < 0.5 and not field.policy_strings and field.type is not FieldType.BOOLEAN:
        text = chance.choice(ADDRESSES) if field.type is FieldType.IP else some_text(chance, field)
        return Range(ref, chance.choice(list(Operator)), Phrase(text))
    return Is(ref, some_value_asked(chance, field))


def some_query(chance: random.Random, depth: int = 3, inside: Field | None = None) -> Query:
    children = (
        list(KNOWN.children(inside.name)) if inside else [f for f in KNOWN.fields.values() if f not in NESTED]
    )
    kind = chance.random()
    if depth == 0 or kind < 0.3:
        return some_leaf(chance, children, inside)
    if kind < 0.45:
        return Not(some_query(chance, depth - 1, inside))
    if kind < 0.65 and inside is None:
        nested = chance.choice(NESTED)
        return Nested(FieldRef((nested.name,)), some_query(chance, depth - 1, nested))
    parts = [some_query(chance, depth - 1, inside) for _ in range(chance.choice([2, 2, 3]))]
    return all_of(parts) if kind < 0.8 else any_of(parts)


HOSTILE = [text for text in NASTY if text != "-"]


@dataclass(frozen=True)
class Expected:
    """A query, the numbers of the records of `hostile_records` that it finds, and what it is about."""

    query: Query
    numbers: frozenset[int]


def _corpus() -> list[str]:
    return [*NASTY, *(f"<{held}>" for held in NASTY), "plain", "aXb", "aXXb"]


def hostile_records() -> list[dict[str, Any]]:
    return [
        {"source_name": held, "process_args": [held], "policies": {"all_policies": [f"0|t|{held}|deny|0"]}}
        for held in _corpus()
    ]


def hostile_queries(text: str) -> Iterator[Expected]:
    """The text in each place where a value can stand, judged by plain Python comparisons."""
    corpus = _corpus()

    def expected(query: Query, test: Callable[[str], bool]) -> Expected:
        return Expected(query, frozenset(number for number, held in enumerate(corpus) if test(held)))

    for field in (FieldRef(("source_name",)), FieldRef(("process_args",))):
        yield expected(Is(field, Phrase(text)), lambda held: held == text)
        yield expected(Is(field, Wildcard((text, ""))), lambda held: held.startswith(text))
        yield expected(Is(field, Wildcard(("", text))), lambda held: held.endswith(text))
        yield expected(
            Is(field, Wildcard(("<", text, "", ">"))),
            lambda held: held[:1] == "<" and text in held and held[-1] == ">",
        )
        yield expected(Range(field, Operator.GREATER, Phrase(text)), lambda held: held > text)
    yield expected(Is(FieldRef(("", "_args")), Phrase(text)), lambda held: held == text)
    if text and not set(text) & set("|/:"):
        query = Nested(FieldRef(("policies",)), Is(FieldRef(("all_policies",)), Phrase(text)))
        yield expected(query, lambda held: held == text)
