"""docs/fields.md, made from the catalogues: what is not documented cannot be asked for."""

from tapetum.kql.catalogues import KINDS, catalogue
from tapetum.kql.fields import Field

_HEAD = """# Fields

What filters, orders and aggregations may name, for each kind of record. A list has several values, of which
any one meets a condition. ● marks the default fields, in which a value without a field is looked for. Parts
of a nested field are asked for in braces, `rrsets:{type: A and rdata: 192.0.2.1}`, or by their whole name
([kql.md](kql.md)). Every kind's time may also be written `@timestamp`. This page is made by
`python -m tapetum.kql.fields_page`.
"""
_TABLE = "| field | type | | what it says |\n|---|---|---|---|\n"


def page() -> str:
    return _HEAD + "".join(
        f"\n## {kind}\n\n{_TABLE}{''.join(map(_row, catalogue(kind).fields.values()))}" for kind in KINDS
    )


def _row(field: Field) -> str:
    names = " ".join(f"`{name}`" for name in (field.name, *field.aliases) if name != "@timestamp")
    kind = f"list of {field.type.value}" if field.multi else field.type.value
    return f"| {names} | {kind} | {'●' if field.default else ''} | {field.description} |\n"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - the page itself
