"""Random queries and records of every kind, and hostile texts: what each compiler of the query language is
checked with. Knows no engine and how none of them keeps records.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tapetum.domain.alerts import Alert, Status
from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import NodeKind, NodeRef
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
from tapetum.logstore.columns import TIME

NOW = 1_700_000_000_000_000
KINDS = tuple(RecordKind)

NASTY = [
    "", "'", '"', "%", "_", "\\", "a%b", "a_b", "a\\b", "\x00", "a\x00b", "ä", "😀", "' OR 1=1 --", "?",
    "$1", "*", "a*b", "{", "\n", "--", ";", "\\'", "%%", "__", "á", "ﬀ", "-", "İ",
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
    "now/d", "now-1h/h", "now/w", "now-1M/M", "now+1y/y-1d", "2023-11-13||+1d/d", "now-5000s",
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
_GIVEN = ("id", "cluster")
"""What every record is given by whoever puts it into a store."""
_PIECES = ["", "", "s", "a", "sh", "shop", "-", "%", "_", "\\", "\x00", "deny", "default", "x", "😀", "'"]
_STEPS = [-1, 0, 1, -1_000, -900_000_000, 5_000_000_000, -3_600_000_000]

Records = list[dict[str, Any]]


def some_pattern(chance: random.Random) -> Wildcard:
    inner = [piece for piece in chance.choices(_PIECES, k=chance.randrange(3)) if piece]
    return Wildcard((chance.choice(_PIECES), *inner, chance.choice(_PIECES)))


class Cases:
    """Records and queries of one kind, drawn from `chance`."""

    def __init__(self, kind: RecordKind, chance: random.Random) -> None:
        self.kind = kind
        self._chance = chance
        self._known = catalogue(kind.value)
        self._nested = [field for field in self._known.fields.values() if field.type is FieldType.NESTED]
        self._own = [field for field in self._known.fields.values() if field not in self._nested]

    def record(self) -> dict[str, Any]:
        """Sparse, so that much is missing; with empty lists, and objects without some of their members."""
        scalar = [
            field for field in self._own if field.parent is None and field.name not in ("id", "cluster")
        ]
        record = {field.name: self._held(field) for field in scalar if self._chance.random() < 0.5}
        time = TIME[self.kind]
        record[time] = self._value(self._known.fields[time])
        if self.kind is RecordKind.FLOWS:
            return {**record, **(self._policies() if self._chance.random() < 0.8 else {})}
        for nested in self._nested:
            if self._chance.random() < 0.8:
                record[nested.name] = self._objects(nested.name)
        return record

    def alert(self, cluster: str, mark: str) -> Alert:
        """Alerts are made by us: what every one has is there."""
        word = self._chance.choice
        return Alert(
            id=mark,
            time=NOW + word(_STEPS),
            kind=word(WORDS),
            rule=word(WORDS),
            title=word(WORDS),
            description=word(WORDS),
            severity=word(NUMBERS[:-1]),
            cluster=cluster,
            source=NodeRef(word(list(NodeKind)), cluster, word([None, *WORDS]), word(WORDS)),
            target=NodeRef(word(list(NodeKind)), cluster, word([None, *WORDS]), word(WORDS)),
            protocol=word([None, *WORDS]),
            port=word([None, *NUMBERS[:7]]),
            technique=word([None, *WORDS]),
            tactic=word([None, *WORDS]),
            status=word(list(Status)),
        )

    def _policies(self) -> dict[str, Any]:
        lists = {
            name: [self._chance.choice(POLICIES) for _ in range(self._chance.randrange(3))]
            for name in POLICY_LISTS
            if self._chance.random() < 0.7
        }
        return {"policies": lists, "policy_hits": self._objects("policy_hits")}

    def _objects(self, nested: str) -> Records:
        return [
            {
                child.leaf: self._held(child) if self._chance.random() < 0.7 else None
                for child in self._known.children(nested)
            }
            for _ in range(self._chance.randrange(4))
        ]

    def _held(self, field: Field) -> Any:
        if not field.multi:
            return self._value(field)
        return [self._value(field) for _ in range(self._chance.randrange(3))]

    def _value(self, field: Field) -> Any:
        match field.type:
            case FieldType.KEYWORD:
                return self._chance.choice(POLICIES if field.policy_strings else WORDS)
            case FieldType.IP:
                return self._chance.choice(ADDRESSES)
            case FieldType.LONG:
                small = field.name.startswith("policy_hits.")  # 32 bits
                return self._chance.choice(NUMBERS[:7] if small else NUMBERS[:-1])
            case FieldType.DATE:
                return NOW + self._chance.choice(_STEPS)
            case FieldType.BOOLEAN:
                return self._chance.random() < 0.5
            case _:
                raise AssertionError(field)

    def query(self, depth: int = 3, inside: Field | None = None) -> Query:
        children = list(self._known.children(inside.name)) if inside else self._own
        kind = self._chance.random()
        if depth == 0 or kind < 0.3:
            return self.leaf(children, inside)
        if kind < 0.45:
            return Not(self.query(depth - 1, inside))
        if kind < 0.65 and inside is None and self._nested:
            nested = self._chance.choice(self._nested)
            return Nested(FieldRef((nested.name,)), self.query(depth - 1, nested))
        parts = [self.query(depth - 1, inside) for _ in range(self._chance.choice([2, 2, 3]))]
        return all_of(parts) if kind < 0.8 else any_of(parts)

    def leaf(self, fields: Sequence[Field], inside: Field | None = None) -> Query:
        kind = self._chance.random()
        field = self._chance.choice(fields)
        ref = self._ref(field, inside)
        if kind < 0.08:
            pattern = some_pattern(self._chance)
            return MatchAll() if pattern.alone else Is(None, pattern)
        if kind < 0.16:
            return Is(None, self._text(field))
        if kind < 0.24:
            return Is(self._several(field), self._asked(field))
        if kind < 0.34:
            return Exists(ref)
        if kind < 0.5 and not field.policy_strings and field.type is not FieldType.BOOLEAN:
            text = Phrase(self._chance.choice(ADDRESSES)) if field.type is FieldType.IP else self._text(field)
            return Range(ref, self._chance.choice(list(Operator)), text)
        return Is(ref, self._asked(field))

    def _ref(self, field: Field, inside: Field | None) -> FieldRef:
        """Under one of its names."""
        if inside:
            return FieldRef((self._chance.choice([field.leaf, field.leaf, field.name]),))
        return FieldRef((self._chance.choice([field.name, *field.aliases]),))

    def _several(self, field: Field) -> FieldRef:
        """A field wildcard that fits its name: by its beginning, its end, a part of it, or every name."""
        head, mark, tail = field.name.partition("_")
        return FieldRef(
            self._chance.choice(
                [(head + mark, ""), ("", mark + tail), (field.name[:2], field.name[-2:]), ("", "")]
            )
        )

    def _text(self, field: Field) -> Term | Phrase:
        text = self._chance.choice(_asked_of(field))
        return Term(text) if text and self._chance.random() < 0.5 else Phrase(text)

    def _asked(self, field: Field) -> Term | Phrase | Wildcard:
        if field.type is FieldType.KEYWORD and self._chance.random() < 0.3:
            pattern = some_pattern(self._chance)
            return Phrase("*") if pattern.alone else pattern
        return self._text(field)


def _asked_of(field: Field) -> list[str]:
    match field.type:
        case FieldType.IP:
            return ADDRESSES + NETWORKS
        case FieldType.LONG:
            return [str(number) for number in NUMBERS]
        case FieldType.DATE:
            return DATES
        case FieldType.BOOLEAN:
            return ["true", "false"]
        case _:
            return PARTS + POLICIES if field.policy_strings else WORDS


HOSTILE = [text for text in NASTY if text != "-"]


@dataclass(frozen=True)
class Expected:
    """A query, the numbers of the records of `hostile_records` that it finds, and what it is about."""

    query: Query
    numbers: frozenset[int]


def _corpus() -> list[str]:
    return [*NASTY, *(f"<{held}>" for held in NASTY), "plain", "aXb", "aXXb"]


def _texts_of(kind: RecordKind) -> list[Field]:
    """A text, a list of texts, and a text or a list of them in an object, where the kind has such."""
    fields = [field for field in catalogue(kind.value).fields.values() if field.type is FieldType.KEYWORD]
    fields = [field for field in fields if field.name not in _GIVEN and not field.policy_strings]
    shapes = {(field.parent is not None, field.multi, field.dotted): field for field in reversed(fields)}
    return list(shapes.values())


def hostile_records(kind: RecordKind) -> Records:
    records: Records = []
    for held in _corpus():
        record: dict[str, Any] = {TIME[kind]: NOW}
        for field in _texts_of(kind):
            value = [held] if field.multi else held
            if field.parent is None:
                record[field.name] = value
            else:
                record.setdefault(field.parent, [{}])[0][field.leaf] = value
        if kind is RecordKind.FLOWS:
            record["policies"] = {"all_policies": [f"0|t|{held}|deny|0"]}
        records.append(record)
    return records


def hostile_queries(kind: RecordKind, text: str) -> Iterator[Expected]:
    """The text in each place where a value can stand, judged by plain Python comparisons.

    The fields take turns: over all texts, each meets every form.
    """
    corpus = _corpus()
    forms: list[tuple[Callable[[str], Query], Callable[[str], bool]]] = [
        (lambda name: Is(FieldRef((name,)), Phrase(text)), lambda held: held == text),
        (lambda name: Is(FieldRef((name,)), Wildcard((text, ""))), lambda held: held.startswith(text)),
        (lambda name: Is(FieldRef((name,)), Wildcard(("", text))), lambda held: held.endswith(text)),
        (
            lambda name: Is(FieldRef((name,)), Wildcard(("<", text, "", ">"))),
            lambda held: held[:1] == "<" and text in held and held[-1] == ">",
        ),
        (lambda name: Range(FieldRef((name,)), Operator.GREATER, Phrase(text)), lambda held: held > text),
        (lambda name: Is(FieldRef((name[:-1], "")), Phrase(text)), lambda held: held == text),
    ]
    if kind is RecordKind.FLOWS and text and not set(text) & set("|/:"):
        inside = Is(FieldRef(("all_policies",)), Phrase(text))
        forms.append((lambda _: Nested(FieldRef(("policies",)), inside), lambda held: held == text))
    fields = _texts_of(kind)
    for place, (form, test) in enumerate(forms, NASTY.index(text)):
        query = form(fields[place % len(fields)].name)
        yield Expected(query, frozenset(number for number, held in enumerate(corpus) if test(held)))
