"""The catalogue agrees with what is stored, and names what a query depends on."""

from pathlib import Path

import pyarrow as pa
import pytest

from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import DERIVED, FLOW_KEY, HIT, LOGGED, POLICY_LISTS
from tapetum.kql import FieldType, KqlError, catalogue, fields_used, parse
from tapetum.kql.catalogues import KINDS
from tapetum.kql.fields_page import page
from tapetum.logstore.columns import TIME

INTERNAL = {"line_no", "known", "trace", "flow_key", "verdict_key"}


def test_flows_have_exactly_the_stored_fields() -> None:
    known = catalogue("flows").fields
    stored = {column.name: column.type for column in (*LOGGED, *DERIVED) if column.name not in INTERNAL}
    stored |= {f"policies.{name}": pa.list_(pa.string()) for name in POLICY_LISTS}
    stored |= {f"policy_hits.{member.name}": member.type for member in HIT}
    assert set(known) == {*stored, "policies", "policy_hits"}
    kinds = {
        FieldType.KEYWORD: pa.types.is_string,
        FieldType.IP: pa.types.is_string,
        FieldType.LONG: pa.types.is_integer,
        FieldType.DATE: pa.types.is_timestamp,
        FieldType.BOOLEAN: pa.types.is_boolean,
    }
    for name, kind in stored.items():
        assert known[name].multi == pa.types.is_list(kind), name
        assert kinds[known[name].type](kind.value_type if pa.types.is_list(kind) else kind), name


def test_the_page_of_fields_is_current() -> None:
    committed = Path(__file__).parents[2] / "docs" / "fields.md"
    assert committed.read_text(encoding="utf-8") == page(), (
        "run python -m tapetum.kql.fields_page > docs/fields.md"
    )


def test_every_kind_has_a_catalogue_with_a_time_and_default_fields() -> None:
    assert set(KINDS) == {kind.value for kind in RecordKind}
    for kind in RecordKind:
        known = catalogue(kind.value)
        time = known.find("@timestamp")
        assert time is not None
        assert (time.name, time.type) == (TIME[kind], FieldType.DATE)
        assert known.default


@pytest.mark.parametrize("kind", KINDS)
def test_each_field_is_described_in_a_line(kind: str) -> None:
    descriptions = [field.description for field in catalogue(kind).fields.values()]
    assert all(text.endswith(".") and "\n" not in text and len(text) < 110 for text in descriptions)
    assert len(set(descriptions)) == len(descriptions)


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("*", set[str]()),
        ("source_namespace:shop and not dest_port > 5", {"source_namespace", "dest_port"}),
        ("@timestamp > now-1h", {"start_time"}),
        ("source_labels.labels:a", {"source_labels"}),
        (
            "policies:{all_policies:a and enforced_policies:b}",
            {"policies.all_policies", "policies.enforced_policies"},
        ),
        ("policy_hits.name:a", {"policy_hits.name"}),
        ("num_process*:1", {"num_process_names", "num_process_ids", "num_process_args"}),
        ("*_port:443", {"source_port", "dest_port", "dest_service_port"}),
        ("*_port:http", {"dest_service_port"}),
        ("no_such*:x", set[str]()),
    ],
)
def test_fields_used(query: str, fields: set[str]) -> None:
    assert fields_used(parse(query), "flows") == fields


def test_a_value_without_a_field_uses_the_default_fields_that_it_fits() -> None:
    used = fields_used(parse("x"), "flows")
    assert {"source_name", "dest_service_name", "process_args", "policies.all_policies", "host"} <= used
    assert "source_ip" not in used
    assert fields_used(parse("10.0.0.1"), "flows") == used | {"source_ip", "dest_ip", "original_source_ips"}
    assert fields_used(parse("x"), "alerts") < set(catalogue("alerts").fields)


def test_edge_keys_can_be_asked_for() -> None:
    for name in FLOW_KEY:
        if name not in INTERNAL:
            assert fields_used(parse(f"{name}:*"), "flows") == {name}


def test_an_unknown_field_is_refused_and_a_close_one_named() -> None:
    for query, close in (
        ("srcnamespace:a", "source_namespace"),
        ("DestPort:1", "dest_port"),
        ("dest_part:1", "dest_port"),
        ("timestamp:1", "@timestamp"),
    ):
        with pytest.raises(KqlError, match=f"did you mean {close}"):
            fields_used(parse(query), "flows")
