"""What every LogStore keeps: each record, line and alert once, and nothing of what was rolled back."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tapetum.domain.alerts import NumberedAlert, Status, Triage
from tapetum.domain.batches import Receipt, RecordKind
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.domain.shapes import SHAPES
from tapetum.kql import parse
from tapetum.logstore.alert_rows import alert_of
from tapetum.logstore.port import KindCensus, LetterSearch, Order, Position, Search
from tests.contract.logs import FLOWS, LAST_DAY, Logs, alert, everything, ids, put, raise_alerts
from tests.support.factory import DAY, HOUR, MINUTE, NOW, Bad, Flow, batch

# Writing


async def test_a_batch_is_stored_with_its_bad_lines(logs: Logs) -> None:
    one, two = Flow(mark=1), Flow(mark=2)
    appended = put(logs, one, Bad(b'{"no'), two)
    assert appended.receipt == Receipt(lines=3, accepted=2, duplicates=0, rejected=1)
    assert not appended.replayed
    assert appended.fresh.column("id").to_pylist() == [one.id, two.id]
    assert sorted(await ids(logs)) == sorted([one.id, two.id])


async def test_a_known_batch_changes_nothing(logs: Logs) -> None:
    lines = [Flow(mark=1), Bad(b"{"), Flow(mark=1), Flow(mark=2)]
    put(logs, *lines)
    before = await everything(logs)
    again = put(logs, *lines)
    assert again.replayed
    assert again.receipt == Receipt(lines=4, accepted=0, duplicates=4, rejected=0)
    assert again.fresh.num_rows == 0
    assert await everything(logs) == before


async def test_a_record_is_stored_once_whatever_brings_it(logs: Logs) -> None:
    old, new = Flow(mark=1), Flow(mark=2, at=NOW - 3 * HOUR)
    put(logs, old)
    appended = put(logs, new, old, new, old)
    assert appended.receipt == Receipt(lines=4, accepted=1, duplicates=3, rejected=0)
    assert appended.fresh.column("id").to_pylist() == [new.id]
    assert await ids(logs) == [old.id, new.id]


async def test_a_bad_line_is_kept_for_each_batch_that_brings_it(logs: Logs) -> None:
    put(logs, Bad(b"x", "no JSON"), Bad(b"x", "no JSON"), id="one")
    put(logs, Bad(b"x", "no JSON"), id="two", received_at=NOW + 1)
    put(logs, Bad(b"x", "no JSON"), id="two", received_at=NOW + 2)
    letters, more = await logs.store.dead_letters(EVERYTHING, LetterSearch(TimeRange(0, NOW + DAY)), 10, None)
    assert not more
    assert [(letter.batch_id, letter.line_no) for letter in letters] == [("two", 0), ("one", 1), ("one", 0)]
    assert {(letter.reason, letter.line, letter.cluster, letter.source) for letter in letters} == {
        ("no JSON", "x", "east", "test")
    }
    assert letters[0].received_at == NOW + 1


async def test_an_empty_batch_is_known_too(logs: Logs) -> None:
    assert put(logs, id="empty").receipt == Receipt(0, 0, 0, 0)
    assert put(logs, id="empty").replayed


@pytest.mark.parametrize("lines", [[Flow(mark=1)], [Bad(b"{")], [Flow(mark=1), Flow(mark=7), Bad(b"{")]])
async def test_what_is_rolled_back_never_was(logs: Logs, lines: Sequence[Flow | Bad]) -> None:
    put(logs, Flow(mark=7))
    before = await everything(logs)

    def fail() -> None:
        with logs.transaction() as transaction:
            logs.store.append(transaction, batch(lines))
            logs.store.append_alerts(transaction, [alert("a")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert await everything(logs) == before
    again = put(logs, *lines)
    assert not again.replayed
    with logs.transaction() as transaction:
        assert [one.number for one in logs.store.append_alerts(transaction, [alert("a")])] == [1]


# Lines


async def test_every_line_can_be_had_back(logs: Logs) -> None:
    flows = [Flow(mark=mark) for mark in range(1200)]
    put(logs, *flows[:600], Bad(b"{"), *flows[600:])
    put(logs, *(Flow(mark=mark) for mark in range(1190, 1210)))
    asked = [Flow(mark=mark) for mark in (0, 511, 512, 599, 600, 1199, 1200, 1209)]
    lines = await logs.store.raw(EVERYTHING, [flow.id for flow in asked] + ["unknown"])
    assert lines == {flow.id: flow.line.decode() for flow in asked}
    assert await logs.store.raw(EVERYTHING, []) == {}


async def test_dead_letters_come_newest_first_page_by_page(logs: Logs) -> None:
    for place in range(6):
        put(logs, Bad(b"a"), Flow(mark=place), Bad(b"b"), id=f"b{place}", received_at=NOW + place // 2)
    put(logs, Bad(b"w"), id="west", cluster="west", received_at=NOW)
    within = TimeRange(NOW, NOW + 3)
    whole, more = await logs.store.dead_letters(EVERYTHING, LetterSearch(within), 50, None)
    assert not more
    assert len(whole) == 13 == await logs.store.count_dead_letters(EVERYTHING, LetterSearch(within))
    assert [letter.received_at for letter in whole] == sorted(
        (letter.received_at for letter in whole), reverse=True
    )
    paged, after = [], None
    while True:
        letters, more = await logs.store.dead_letters(EVERYTHING, LetterSearch(within), 2, after)
        paged += letters
        # What arrives later stands before the first page, never inside a later one.
        put(logs, Bad(b"late"), id=f"late{len(paged)}", received_at=NOW + 3)
        if not more:
            break
        after = letters[-1].id
    assert paged == whole
    some = TimeRange(NOW + 1, NOW + 2)
    assert await logs.store.count_dead_letters(EVERYTHING, LetterSearch(some)) == 4
    assert await logs.store.count_dead_letters(EVERYTHING, LetterSearch(within, frozenset({"west"}))) == 1


async def test_dead_letters_are_found_by_what_they_were_sent_as_and_by(logs: Logs) -> None:
    put(logs, Bad(b"a"), id="a")
    put(logs, Bad(b"b"), id="b", source="http 192.0.2.1")
    with logs.transaction() as transaction:
        bad = replace(batch([Bad(b"c")], id="c"), kind=RecordKind.DNS)
        logs.store.append(transaction, replace(bad, records=SHAPES[RecordKind.DNS].record.empty_table()))
    within = TimeRange(NOW, NOW + 1)
    for search, lines in (
        (LetterSearch(within), ["a", "b", "c"]),
        (LetterSearch(within, kind=RecordKind.DNS), ["c"]),
        (LetterSearch(within, kind=RecordKind.FLOWS), ["a", "b"]),
        (LetterSearch(within, kind=RecordKind.BGP), []),
        (LetterSearch(within, source="test"), ["a", "c"]),
        (LetterSearch(within, source="http"), []),
        (LetterSearch(within, kind=RecordKind.FLOWS, source="http 192.0.2.1"), ["b"]),
    ):
        letters, _ = await logs.store.dead_letters(EVERYTHING, search, 9, None)
        assert sorted(letter.line for letter in letters) == lines
        kinds = {letter.line: letter.kind for letter in letters}
        assert kinds == {line: RecordKind.DNS if line == "c" else RecordKind.FLOWS for line in lines}
        assert await logs.store.count_dead_letters(EVERYTHING, search) == len(lines)


async def test_a_huge_bad_line_is_cut_and_odd_bytes_are_told(logs: Logs) -> None:
    put(logs, Bad(b"x" * 200_000), Bad(b"\xff\x00\n"))
    letters, _ = await logs.store.dead_letters(EVERYTHING, LetterSearch(TimeRange(NOW, NOW + 1)), 5, None)
    assert sorted(len(letter.line) for letter in letters) == [3, 65536]
    assert {letter.line for letter in letters if letter.line_no == 1} == {"\ufffd\x00\n"}


# Alerts


async def test_alerts_are_numbered_once_and_resumed_from_any_number(logs: Logs) -> None:
    assert await logs.store.last_alert(EVERYTHING) == 0
    first = raise_alerts(logs, alert("a"), alert("b"), alert("a"))
    again = raise_alerts(logs, alert("b"), alert("c", source="pay"))
    assert [(one.number, one.alert.id) for one in first + again] == [(1, "a"), (2, "b"), (3, "c")]
    assert raise_alerts(logs, alert("a")) == []
    assert raise_alerts(logs) == []
    assert await logs.store.last_alert(EVERYTHING) == 3
    assert await logs.store.alerts_after(EVERYTHING, 0, 10) == first + again
    assert await logs.store.alerts_after(EVERYTHING, 1, 1) == first[1:]
    assert await logs.store.alerts_after(EVERYTHING, 3, 10) == []


async def test_an_alert_may_have_no_ends_and_says_what_can_be_done(logs: Logs) -> None:
    told = replace(
        alert("a"), source=None, target=None, evidence_kind=RecordKind.AUDIT, mitigations=("Revoke it.", "")
    )
    half = replace(alert("b"), target=None)
    raise_alerts(logs, told, half)
    assert [one.alert for one in await logs.store.alerts_after(EVERYTHING, 0, 9)] == [told, half]
    shop = Scope(namespaces=frozenset({("east", "shop")}))
    assert [one.alert for one in await logs.store.alerts_after(shop, 0, 9)] == [half]


async def test_who_sees_an_alert_decides_on_it(logs: Logs) -> None:
    raised = raise_alerts(logs, alert("a"), alert("b"), alert("c", source="pay"))
    triage = Triage(Status.DISMISSED, "ann", NOW + 1, 'A scan of ours: "nmap" \u202e.')
    wanted = raised[0].alert.triaged(triage)
    assert await logs.store.triage_alert(EVERYTHING, "a", triage) == wanted
    assert (await logs.store.alerts_after(EVERYTHING, 0, 9))[0] == NumberedAlert(1, wanted)
    assert raise_alerts(logs, alert("a")) == []  # raised again it stays as it was triaged
    search = Search(RecordKind.ALERTS, LAST_DAY, filter=parse("status: dismissed and triaged_by: ann"))
    found = await logs.store.search(EVERYTHING, search, Order("time"), 9, None)
    assert [alert_of(record) for record in found.records] == [wanted]
    again = Triage(Status.OPEN, None, NOW + 2)
    assert await logs.store.triage_alert(EVERYTHING, "a", again) == raised[0].alert.triaged(again)
    assert (await logs.store.alerts_after(EVERYTHING, 0, 1))[0].alert.note == ""
    shop = Scope(namespaces=frozenset({("east", "shop")}))
    assert await logs.store.triage_alert(shop, "c", triage) is None
    assert await logs.store.triage_alert(EVERYTHING, "nobody's", triage) is None
    assert (await logs.store.alerts_after(EVERYTHING, 1, 9)) == raised[1:]


async def test_alerts_are_records_too(logs: Logs) -> None:
    raise_alerts(logs, alert("a", NOW - 2), alert("b", NOW - 1, source="pay"), alert("c", NOW - 2 * DAY))
    search = Search(RecordKind.ALERTS, LAST_DAY, filter=parse("severity >= 40 and rule: first-denied"))
    page = await logs.store.search(EVERYTHING, search, Order("time"), 10, None)
    assert [record["id"] for record in page.records] == ["b", "a"]
    behind = await logs.store.search(EVERYTHING, search, Order("time"), 10, Position(NOW - 1, "b"))
    assert [record["id"] for record in behind.records] == ["a"]
    assert page.records[1]["time"] == NOW - 2
    assert page.records[1]["evidence"] == ["a", "b"]
    assert await logs.store.count(EVERYTHING, search) == 2
    top = await logs.store.top_values(EVERYTHING, search, "source_namespace", 1)
    assert (top.values, top.other, top.missing) == ((("pay", 1),), 1, 0)
    histogram = await logs.store.histogram(EVERYTHING, search, 86_400, "status")
    assert sum(histogram.counts["open"]) == 2
    found = await logs.store.get(EVERYTHING, RecordKind.ALERTS, "c")
    assert found is not None
    assert (found["number"], found["dest_name"], found["source_namespace"]) == (3, "example.com", "shop")


async def test_the_census_counts_each_cluster(logs: Logs) -> None:
    assert await logs.store.census(EVERYTHING) == []
    put(logs, Flow(at=NOW - HOUR), Flow(at=NOW - MINUTE), Bad(b"{"))
    put(logs, Bad(b"{"), Bad(b"{"), cluster="west")
    east, west = await logs.store.census(EVERYTHING)
    assert (east.cluster, east.records, east.rejected) == ("east", 2, 1)
    assert (east.first_seen, east.last_seen) == (NOW - HOUR, NOW - MINUTE)
    assert east.kinds == (KindCensus(RecordKind.FLOWS, 2, NOW - HOUR, NOW - MINUTE),)
    assert (west.cluster, west.records, west.rejected, west.first_seen, west.last_seen) == (
        "west",
        0,
        2,
        None,
        None,
    )


# Cancelling


async def test_a_cancelled_question_leaves_the_store_free(logs: Logs) -> None:
    put(logs, *(Flow(mark=mark, fields=(("process_name", f"p{mark}"),)) for mark in range(2000)))
    slow = parse(" or ".join(f"process_name: *{place}*x" for place in range(60)))
    search = Search(RecordKind.FLOWS, LAST_DAY, filter=slow)
    chance = random.Random(1)
    for _ in range(4):
        asked = [
            asyncio.create_task(logs.store.top_values(EVERYTHING, search, "process_name", 5))
            for _ in range(12)
        ]
        await asyncio.sleep(chance.random() * 0.02)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        assert await asyncio.wait_for(logs.store.count(EVERYTHING, FLOWS), 5) == 2000
