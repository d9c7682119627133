import json
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.detect.feeds.entries import WIDEST, UnusableError, entry
from tapetum.detect.feeds.reading import Reading, read_feed, taken
from tapetum.detect.feeds.stix import values
from tapetum.domain.documents import read_body
from tapetum.domain.errors import BadInputError, TooLargeError
from tapetum.domain.feeds import Feed, FeedForm, FeedState

LIST = Feed(format=1, title="Listed")
STIX = Feed(format=1, title="Listed", form=FeedForm.STIX)


def csv_of(column: str) -> Feed:
    return Feed(format=1, title="Listed", form=FeedForm.CSV, column=column)


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7/32", "203.0.113.7"),
        ("203.0.113.7/24", "203.0.113.0/24"),
        ("203[.]0[.]113[.]7", "203.0.113.7"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ("2001:db8::7/32", "2001:db8::/32"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_addresses_are_told_in_one_way(text: str, network: str) -> None:
    assert entry(text) == ((network,), None)


def test_a_range_is_its_networks() -> None:
    assert entry("203.0.113.0-203.0.113.2").networks == ("203.0.113.0/31", "203.0.113.2")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bad.Example.", "bad.example"),
        ("*.bad.example", "bad.example"),
        (".bad.example", "bad.example"),
        ("bad[.]example", "bad.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("_dmarc.bad.example", "_dmarc.bad.example"),
    ],
)
def test_names_are_told_in_one_way(text: str, name: str) -> None:
    assert entry(text) == ((), name)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(a+)+$.example", "a pattern"),
        ("||bad.example^", "a pattern"),
        ("http://bad.example/x", "a URL"),
        ("203.0.113.7:443", "with a port"),
        ("203.0.113.256", "no address"),
        ("010.1.1.1", "no address"),
        ("0.0.0.0/0", "wider than a /8"),
        ("::/0", "wider than a /16"),
        ("2000::/3", "wider than a /16"),
        ("10.1.2.3", "private"),
        ("172.0.0.0/8", "private"),
        ("fe80::1", "private"),
        ("255.255.255.255", "no single host"),
        ("0.0.0.0", "no single host"),
        ("224.0.0.0/8", "no single host"),
        ("ff02::1", "no single host"),
        ("com", "one label"),
        ("co.uk", "a public suffix"),
        ("*.github.io", "a public suffix"),
        ("cluster.local", "inside of a network"),
        ("svc.cluster.local", "inside of a network"),
        ("7.1.168.192.in-addr.arpa", "inside of a network"),
        ("bad..example", "neither"),
        ("-bad-.example", "neither"),
        ("203.0.113.9-203.0.113.1", "no range"),
        ("203.0.113.1-2001:db8::1", "no range"),
        ("11.0.0.1-31.255.255.254", "wider"),
        ("", "neither"),
        ("a" * 500, "longer than"),
        ("ab\u2066cd.example", "no name"),
    ],
)
def test_what_is_no_indicator_says_why(text: str, reason: str) -> None:
    with pytest.raises(UnusableError, match=reason):
        entry(text)


@pytest.mark.parametrize("name", ["co.uk", "svc.cluster.local"])
def test_broad_names_are_listed_where_the_feed_is_private(name: str) -> None:
    assert entry(name, private=True).domain == name


def test_a_list_has_ranges_and_all_names_of_hosts() -> None:
    body = (
        b"8.8.8.0 - 8.8.8.15\n9.9.9.9\t-\t9.9.9.10 # two\n9.9.9.20 - seen\n2001:470::1 - 2001:470::2\n"
        b"0.0.0.0 a.example b.example\tc.example # d.example\n127.0.0.1 e.example, f.example\n"
        b"255.255.255.255 broadcasthost\n1.1.1.9 - 1.1.1.1\n"
    )
    reading = read_feed(body, LIST, 0)
    assert reading.indicators.networks == (
        *("2001:470::1", "2001:470::2", "8.8.8.0/28"),
        *("9.9.9.10", "9.9.9.20", "9.9.9.9"),
    )
    assert reading.indicators.domains == ("a.example", "b.example", "c.example", "e.example")
    assert [(each.place, each.text) for each in reading.refused] == [
        (7, "broadcasthost"),
        (8, "1.1.1.9-1.1.1.1"),
    ]


def test_private_addresses_are_listed_where_the_feed_says_so() -> None:
    assert entry("10.1.2.3", private=True).networks == ("10.1.2.3",)


def _is_wide_mapped(network: object) -> bool:
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    return mapped is not None and network.prefixlen - 96 < WIDEST[4]


@given(st.ip_addresses(), st.integers(0, 128))
def test_networks_are_those_of_the_standard_library(address: object, prefix: int) -> None:
    network = ip_network(f"{address}/{min(prefix, ip_address(str(address)).max_prefixlen)}", strict=False)
    if network.prefixlen < WIDEST[network.version] or _is_wide_mapped(network):
        with pytest.raises(UnusableError, match="wider"):
            entry(str(network), private=True)
        return
    (told,) = entry(str(network), private=True).networks
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    assert ip_network(told) == (ip_network((mapped, network.prefixlen - 96)) if mapped else network)


@given(st.text(max_size=60))
def test_any_text_is_an_indicator_or_refused(text: str) -> None:
    try:
        found = entry(text)
    except UnusableError:
        return
    assert (found.domain is None) == bool(found.networks)


def test_a_list_has_remarks_and_hosts() -> None:
    body = (
        b"\xef\xbb\xbf# remark\n; another\n\n203.0.113.7\t12\n203.0.113.8 ; seen\n0.0.0.0 bad.example\n*bad\n"
    )
    reading = read_feed(body, LIST, 0)
    assert reading.indicators.networks == ("203.0.113.7", "203.0.113.8")
    assert reading.indicators.domains == ("bad.example",)
    assert [(each.place, each.text) for each in reading.refused] == [(7, "*bad")]


@pytest.mark.parametrize(
    "body",
    [
        b'first_seen,ip,port\n2026-01-01,203.0.113.7,443\n"2026,01","203.0.113.8",80\n',
        b'# made today\n# "first_seen";"ip"\n"2026";"203.0.113.7"\n"2026";"203.0.113.8"\n',
        b"ip\n203.0.113.7\n\n203.0.113.8\n",
    ],
    ids=["commas", "header in a remark", "one column"],
)
def test_csv_is_read_by_its_column(body: bytes) -> None:
    assert read_feed(body, csv_of("ip"), 0).indicators.networks == ("203.0.113.7", "203.0.113.8")


def test_csv_without_the_column_is_refused() -> None:
    with pytest.raises(BadInputError, match="no column 'ip'; its first row is 'address,port'"):
        read_feed(b"address,port\n203.0.113.7,1\n", csv_of("ip"), 0)


def test_rows_of_csv_that_cannot_be_read_are_left_out() -> None:
    body = b'ip,note\n203.0.113.7,a\n203.0.113.8\n,b\n203.0.113.9,"' + b"x" * 200_000
    reading = read_feed(body, csv_of("ip"), 0)
    assert reading.indicators.networks == ("203.0.113.7", "203.0.113.8")
    assert reading.left_out == 2


@pytest.mark.parametrize("stray", ['203.0.113.1,"he said', '"203.0.113.1,x', '203.0.113.1,""x"y"'])
def test_a_stray_quote_in_csv_costs_its_own_line_at_most(stray: str) -> None:
    rows = [f"198.51.{n // 250}.{n % 250},x" for n in range(1000)]
    reading = read_feed("\n".join(["ip,note", stray, *rows]).encode(), csv_of("ip"), 0)
    assert len(reading.indicators) + reading.left_out == 1001
    assert reading.left_out <= 1


def test_csv_ends_its_lines_as_csv_does() -> None:
    body = "ip,note\r\n203.0.113.7,a\u2028203.0.113.9\r203.0.113.8,b\n"
    assert read_feed(body.encode(), csv_of("ip"), 0).indicators.networks == ("203.0.113.7", "203.0.113.8")


def _listed(good: int, bad: int) -> Reading:
    lines = [f"198.51.{n // 250}.{n % 250}" for n in range(good)] + ["?"] * bad
    return read_feed("\n".join(lines).encode(), LIST, 0)


@pytest.mark.parametrize(("good", "bad", "kept"), [(499, 60, False), (499, 50, True), (501, 300, True)])
def test_a_mangled_copy_does_not_take_the_place_of_a_good_one(good: int, bad: int, kept: bool) -> None:
    before, _ = taken(FeedState("f"), LIST, _listed(1000, 0), 1)
    if kept:
        assert taken(before, LIST, _listed(good, bad), 2)[0].networks == good
        return
    with pytest.raises(
        BadInputError, match=r"would list 499 instead of 1,000, and 11% of its entries are no"
    ):
        taken(before, LIST, _listed(good, bad), 2)
    other = Feed(format=1, title="Listed", private=True)
    assert taken(before, other, _listed(good, bad), 2)[0].networks == good, "it was read otherwise"


def _bundle(*objects: object) -> bytes:
    return json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects}).encode()


def _indicator(pattern: object, **more: object) -> dict[str, object]:
    return {"type": "indicator", "pattern": pattern, "pattern_type": "stix"} | more


def test_a_bundle_is_read_object_by_object() -> None:
    reading = read_feed(
        _bundle(
            {"type": "identity", "name": "somebody"},
            _indicator("[ipv4-addr:value = '203.0.113.7' OR ipv6-addr:value = '2001:db8::7']"),
            _indicator("[domain-name:value = 'Bad.example']", valid_until="2030-01-01T00:00:00Z"),
            _indicator(
                "[ipv4-addr:value ISSUBSET '203.0.114.0/24'] OR [domain-name:value IN ('a.b', 'c.d')]"
            ),
            _indicator("[domain-name:value = 'old.example']", valid_until="1969-01-01T00:00:00Z"),
            _indicator("[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']"),
            _indicator(5),
        ),
        STIX,
        0,
    )
    assert reading.indicators.networks == ("2001:db8::7", "203.0.113.7", "203.0.114.0/24")
    assert reading.indicators.domains == ("a.b", "bad.example", "c.d")
    assert [(each.place, each.reason) for each in reading.refused] == [
        (5, "no longer valid"),
        (6, "a pattern about file:hashes.MD5"),
        (7, "without a pattern in text"),
    ]


HASH = _indicator("[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']")
PAST = "1969-01-01T00:00:00Z"


def test_what_is_of_another_kind_or_time_says_nothing_against_a_bundle() -> None:
    good = _indicator("[ipv4-addr:value = '203.0.113.7']")
    urls = [_indicator(f"[url:value = 'https://bad.example/{path}']") for path in ("", "x", "?y")]
    yara = _indicator("rule x {}", pattern_type="yara")
    old = [_indicator(f"[ipv4-addr:value = '203.0.114.{n}']", valid_until=PAST) for n in range(4)]
    revoked = _indicator("[domain-name:value = 'a.b']", revoked=True)
    reading = read_feed(_bundle(HASH, HASH, good, *urls, yara, *old, revoked), STIX, 0)
    assert (reading.indicators.networks, reading.indicators.domains) == (("203.0.113.7",), ("bad.example",))
    assert (reading.left_out, {each.reason for each in reading.refused}) == (
        10,
        {
            "a pattern about file:hashes.MD5",
            "a URL with more than a host, which may be good elsewhere",
            "a pattern that is not in STIX's language",
            "no longer valid",
            "revoked",
        },
    )


def test_a_bundle_whose_indicators_are_bad_is_refused_whatever_else_it_has() -> None:
    bad = [_indicator("[ipv4-addr:value = 'here']"), _indicator("no pattern")]
    good = _indicator("[ipv4-addr:value = '203.0.113.7']")
    with pytest.raises(
        BadInputError, match="2 of 3 entries are no indicators; the first, in object 9, 'here'"
    ):
        read_feed(_bundle(*[HASH] * 8, *bad, good), STIX, 0)


def test_a_feed_whose_indicators_all_lapsed_lists_nothing_and_one_of_hashes_is_refused() -> None:
    lapsed = _indicator("[ipv4-addr:value = '203.0.113.7']", valid_until=PAST)
    assert len(read_feed(_bundle(lapsed, HASH), STIX, 0).indicators) == 0
    with pytest.raises(
        BadInputError, match="nothing that is read; the first, in object 1, is a pattern about"
    ):
        read_feed(_bundle(HASH), STIX, 0)


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("http://Bad.example", "Bad.example"),
        ("HTTPS://203.0.113.7/", "203.0.113.7"),
        ("http://[2001:db8::7]/", "2001:db8::7"),
    ],
)
def test_a_url_that_names_only_a_host_lists_it(url: str, listed: str) -> None:
    assert values(f"[url:value = '{url}']") == [listed]


@pytest.mark.parametrize(
    "url",
    [
        "http://bad.example/x",
        "http://bad.example:81/",
        "http://me@bad.example/",
        "http://bad.example/?x",
        "x",
    ],
)
def test_a_url_that_says_more_is_left_out(url: str) -> None:
    with pytest.raises(UnusableError, match="more than a host"):
        values(f"[url:value = '{url}']")


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[ipv4-addr:value = '1.2.3.4' AND domain-name:value = 'a.b']", "with AND"),
        ("[ipv4-addr:value = '1.2.3.4'] FOLLOWEDBY [domain-name:value = 'a.b']", "with FOLLOWEDBY"),
        ("[domain-name:value MATCHES '(a+)+$']", "with MATCHES"),
        ("[ipv4-addr:value != '1.2.3.4']", "with !="),
        ("[ipv4-addr:value = '1.2.3.4'", "cannot be read"),
        ("[ipv4-addr:value = '1.2.3.4')", "cannot be read"),
        ("ipv4-addr:value = '1.2.3.4'", "cannot be read"),
        ("[ipv4-addr:value = 1]", "cannot be read"),
        ("[ipv4-addr:value IN ('1.2.3.4' '5')]", "cannot be read"),
        ("[ipv4-addr:value IN (", "cannot be read"),
        ("[ipv4-addr:value", "no operator"),
        ("((((", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_a_pattern_that_says_more_than_a_list_is_left_out(pattern: str, reason: str) -> None:
    with pytest.raises(UnusableError, match=reason):
        values(pattern)


_PATHS = {4: "ipv4-addr:value", 6: "ipv6-addr:value"}


@given(st.lists(st.lists(st.ip_addresses(), min_size=1, max_size=4), min_size=1, max_size=4), st.booleans())
def test_a_pattern_of_values_gives_them_back(groups: list[list[object]], apart: bool) -> None:
    told = [[f"{_PATHS[each.version]} = '{each}'" for each in group] for group in groups]
    inner = [" OR ".join(f"({each})" for each in group) for group in told]
    pattern = " OR ".join(f"[{each}]" for each in inner) if apart else f"[{' OR '.join(inner)}]"
    assert values(pattern) == [str(each) for group in groups for each in group]


@given(st.text(alphabet="[]()'=,! \\ORINipv4-addr:value", max_size=80))
def test_any_pattern_is_read_or_left_out(pattern: str) -> None:
    try:
        found = values(pattern)
    except UnusableError:
        return
    assert found


@pytest.mark.parametrize(
    ("body", "feed", "told"),
    [
        (b"<!DOCTYPE html><html>not found</html>", LIST, "a page (HTML or XML), not a list"),
        (b"\x1f\x8b\x08\x00", LIST, "compressed"),
        (b"a\0b", LIST, "binary"),
        (" 203.0.113.7\n".encode("utf-16"), LIST, "binary"),
        (b" \n", LIST, "empty"),
        (b"# only remarks\n", LIST, "lists nothing"),
        (b'{"error": "no such list"}\n', LIST, "1 of 1 entries are no indicators; the first, in line 1,"),
        (b"{", STIX, "no STIX bundle"),
        (b'{"type": "report", "objects": []}', STIX, "its type is 'report'"),
        (b"[" * 200_000, STIX, "no STIX bundle"),
        (_bundle({"type": "identity"}), STIX, "lists nothing"),
        (b'{"more": true, "next": "2", "objects": []}', STIX, "one page of several"),
    ],
    ids=[
        "page",
        "gzip",
        "zeros",
        "utf-16",
        "blank",
        "remarks",
        "json",
        "no json",
        "report",
        "deep",
        "nothing",
        "a page",
    ],
)
def test_what_is_no_feed_is_one_sentence(body: bytes, feed: Feed, told: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read_feed(body, feed, 0)
    assert told in refused.value.message
    assert refused.value.message.endswith(".")


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tapetum.detect.feeds.reading.MOST_INDICATORS", 2)
    with pytest.raises(TooLargeError, match="more than 2 indicators"):
        read_feed(b"203.0.113.1\n203.0.113.2\n203.0.113.3\n", LIST, 0)
    monkeypatch.setattr("tapetum.detect.feeds.reading.MOST_BYTES", 10)
    with pytest.raises(TooLargeError, match="larger than"):
        read_feed(b"203.0.113.1\n", LIST, 0)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('"url": "ftp://feeds.example/x"', "no URL"),
        ('"url": "https://"', "at least|no URL"),
        ('"url": "https://feeds.example:99999/x"', "no URL"),
        ('"url": "https://me:secret@feeds.example/x"', "a user or a password"),
        ('"form": "csv"', "names its column"),
        ('"column": "ip"', "names its column"),
        ('"severity": 101', "severity"),
        ('"refreshMinutes": 1', "refreshMinutes"),
    ],
)
def test_a_feed_that_cannot_be_is_refused(more: str, told: str) -> None:
    with pytest.raises(BadInputError, match=told):
        read_body(f'{{"format": 1, "title": "Listed", {more}}}'.encode(), Feed)
