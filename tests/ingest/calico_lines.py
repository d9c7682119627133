"""Calico lines to throw at the decoder: good ones in every spelling, and ways to spoil them."""

import json
import random
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

NOW = 1_795_442_400_000_000  # 2026-11-23T14:00:00Z
NOW_SECONDS = NOW // 1_000_000

hostile = st.sampled_from(
    [
        "-", "", "*", "web-6b687c8dcb-*", "payments", "NaN", "a}{b", "} x", "}null", "Infinity", "\x00",
        "\u202e",
        "<script>", "a\r\nb", "\x1b[31m", "ü", "漢字", "😀", "\ufeff", '"', "\\", "'; drop table", "[[[[",
        "{" * 70,
    ]
)  # fmt: skip
word = hostile | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
count = st.none() | st.integers(0, 2**53 - 1) | st.integers(0, 1000)
port = st.none() | st.integers(0, 65535)
address = st.one_of(
    st.none(),
    st.just("-"),
    st.ip_addresses().map(str),
    st.sampled_from(["10.0.0.1", "::ffff:192.0.2.1", "2001:DB8::0:1", "fe80::1"]),
)
seconds = st.integers(NOW_SECONDS - 20 * 86_400, NOW_SECONDS + 3599)
moment = st.one_of(
    seconds,
    seconds.map(lambda s: s * 1000 + 7),
    seconds.map(lambda s: s * 1_000_000 + 7),
    seconds.map(lambda s: s * 1_000_000_000 + 7),
    st.sampled_from(["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.123456789+01:00", "2026-11-20 10:00"]),
)
texts = st.none() | st.just("-") | st.just(["-"]) | st.lists(word, max_size=3)
policies = st.lists(
    st.sampled_from(
        [
            "0|tier1|ns1/tier1.policy1|pass|3", "1|default|default.allow|allow|-1", "junk", "-",
            "0|__PROFILE__|__PROFILE__.kns.a|allow|0", "2|default|np:ns/x|deny|0",
        ]
    ),
    max_size=3,
)  # fmt: skip
trace = st.fixed_dictionaries(
    {},
    optional={
        "enforced_policies": st.none() | policies,
        "pending_policies": policies,
        "transit_policies": policies,
        "all_policies": policies,
        "future_policies": st.just(5),
    },
)
labels = st.one_of(
    st.none(), st.just("-"), st.fixed_dictionaries({"labels": st.none() | st.lists(word, max_size=3)}), texts
)
anything = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | word,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(word, inner, max_size=3),
    max_leaves=8,
)

COUNTS = (
    "bytes_in", "bytes_out", "packets_in", "packets_out", "num_flows", "num_flows_started",
    "num_flows_completed", "http_requests_allowed_in", "http_requests_denied_in", "num_process_names",
    "num_process_ids", "num_process_args", "num_original_source_ips", "tcp_mean_send_congestion_window",
    "tcp_min_send_congestion_window", "tcp_mean_smooth_rtt", "tcp_max_smooth_rtt", "tcp_mean_min_rtt",
    "tcp_max_min_rtt", "tcp_mean_mss", "tcp_min_mss", "tcp_total_retransmissions", "tcp_lost_packets",
    "tcp_unrecovered_to",
)  # fmt: skip
PORTS = ("source_port", "dest_port", "dest_service_port_num")
WORDS = (
    "host", "source_name", "source_name_aggr", "source_namespace", "dest_name", "dest_name_aggr",
    "dest_namespace", "dest_service_namespace", "dest_service_name", "dest_service_port", "process_name",
    "process_id",
)  # fmt: skip
TYPES = ("source_type", "dest_type")
ADDRESSES = ("source_ip", "dest_ip")
TEXTS = ("dest_domains", "process_args")
LABELS = ("source_labels", "dest_labels")

record = st.fixed_dictionaries(
    {
        "start_time": moment,
        "action": st.sampled_from(["allow", "deny"]),
        "reporter": st.sampled_from(["src", "dst", "fwd", "dst, fwd"]),
        "source_type": st.sampled_from(["wep", "net", "-"]),
        "dest_type": st.sampled_from(["wep", "hep", "ns", "net", None]),
    },
    optional={
        "end_time": moment,
        "@timestamp": moment,
        "proto": st.sampled_from(["tcp", "UDP", "6", "17", "132", "47", "-"]) | word,
        **dict.fromkeys(COUNTS[:9], count),
        **dict.fromkeys(PORTS, port),
        **dict.fromkeys(WORDS, word | st.none()),
        **dict.fromkeys(ADDRESSES, address),
        **dict.fromkeys(TEXTS, texts),
        **dict.fromkeys(LABELS, labels),
        "policies": st.none() | st.just("-") | trace,
        "nat_outgoing_ports": st.none() | st.lists(st.integers(0, 65535), max_size=3),
        "original_source_ips": st.none() | st.lists(st.ip_addresses().map(str), max_size=3),
        "new_field": anything,
        "record": anything,
    },
)


def spelled(found: dict[str, Any], seed: int) -> bytes:
    """The record as JSON, in one of the ways that writers have."""
    choice = random.Random(seed)
    names = list(found)
    choice.shuffle(names)
    found = {name: found[name] for name in names}
    if choice.random() < 0.1:
        found = {"_source": found, "_index": "tigera_secure_ee_flows.cluster.20261123"}
    separators = (",", ":") if choice.random() < 0.7 else (", ", ": ")
    line = json.dumps(found, ensure_ascii=choice.random() < 0.5, separators=separators).encode()
    return b" " + line + b"\t" if choice.random() < 0.1 else line


good_line = st.builds(spelled, record, st.integers(0, 2**32))

Spoil = Callable[[bytes, random.Random], bytes]


def _member(text: bytes) -> Spoil:
    return lambda line, _: line.rstrip().removesuffix(b"}") + b"," + text + b"}"


def _replaced(name: bytes, text: bytes) -> Spoil:
    """Set a field whatever it was, by appending the last word on it to an object without it."""

    def spoil(line: bytes, _: random.Random) -> bytes:
        found = json.loads(line)
        inner = found.get("_source") if isinstance(found.get("_source"), dict) else found
        inner.pop(name.decode(), None)
        inner[name.decode()] = "@@"
        return json.dumps(found, separators=(",", ":")).encode().replace(b'"@@"', text)

    return spoil


def _truncated(line: bytes, choice: random.Random) -> bytes:
    return line[: choice.randrange(len(line))]


def _flipped(line: bytes, choice: random.Random) -> bytes:
    place = choice.randrange(len(line))
    return (
        line[:place]
        + bytes([choice.choice(b'\x00\xff{}[]",:0-n\\ \xc3')])
        + line[place + choice.randrange(2) :]
    )


def _nested(levels: int) -> Spoil:
    return _member(b'"deep":' + b"[" * levels + b"]" * levels)


SPOILS: dict[str, Spoil] = {
    "truncated": _truncated,
    "flipped": _flipped,
    "two objects": lambda line, _: line + line,
    "two objects apart": lambda line, _: line + b" " + line,
    "null behind": lambda line, _: line + b" null",
    "null between": lambda line, _: line + b"null" + line,
    "null before": lambda line, _: b"null " + line,
    "garbage behind": lambda line, _: line + b" x",
    "brace behind": lambda line, _: line + b"}",
    "byte order mark": lambda line, _: b"\xef\xbb\xbf" + line,
    "bad utf-8": lambda line, _: line.replace(b'"action"', b'"\xff\xfe":1,"action"'),
    "surrogate in utf-8": lambda line, _: line.replace(b'"action"', b'"x":"\xed\xa0\x80","action"'),
    "nul": lambda line, _: line.replace(b'"action"', b'"x":"a\x00b","action"'),
    "control": lambda line, _: line.replace(b'"action"', b'"x":"a\tb","action"'),
    "line break inside": lambda line, _: line.replace(b'"action"', b'\n"action"'),
    "nan": _member(b'"x":NaN'),
    "minus infinity": _member(b'"x":[-Infinity]'),
    "inf": _member(b'"x":Inf'),
    "high surrogate": _member(b'"x":"\\ud800"'),
    "low surrogate": _member(b'"x":"\\udc00"'),
    "pair of surrogates": _member(b'"x":"\\ud83d\\ude00"'),
    "repeated": _member(b'"action":"allow"'),
    "repeated, escaped": _member(b'"\\u0061ction":"allow"'),
    "repeated unknown": _member(b'"x":1,"x":2'),
    "repeated list": _replaced(b"policies", b'{"all_policies":[],"all_policies":[]}'),
    "repeated labels": _replaced(b"dest_labels", b'{"labels":[],"labels":null}'),
    "nested just so": _nested(50),
    "nested deep": _nested(100),
    "nested very deep": _nested(20_000),
    "many brackets": _member(b'"x":[' + b"[]," * 80 + b"1]"),
    "trailing comma": lambda line, _: line.rstrip().removesuffix(b"}") + b",}",
    "single quotes": lambda line, _: line.replace(b'"', b"'"),
    "comment": lambda line, _: line + b"//",
    "long integer": _member(b'"x":' + b"9" * 5000),
    **{f"not an object: {text!r}": (lambda _, __, text=text: text) for text in
       (b"null", b"[]", b"[{}]", b"1", b'"x"', b"true", b"{}", b"{", b"}", b"x", b"\x00", b"\x0b")},
    **{f"{name} = {text}": _replaced(name.encode(), text.encode()) for name, text in (
        ("bytes_in", "1.5"), ("bytes_in", "1e2"), ("bytes_in", "-1"), ("bytes_in", "-0"),
        ("bytes_in", "9007199254740991"), ("bytes_in", "9007199254740992"),
        ("packets_out", "18446744073709551616"), ("bytes_in", '"5"'), ("bytes_in", "true"),
        ("bytes_in", "[1]"),
        ("bytes_in", "NaN"), ("num_flows", "{}"), ("dest_port", "65536"), ("dest_port", "80.0"),
        ("source_port", "-1"), ("dest_port", '"http"'), ("action", '"pass"'), ("action", '"Allow"'),
        ("action", "null"), ("action", '"-"'), ("action", "1"), ("reporter", '"server"'),
        ("reporter", "null"),
        ("reporter", '["dst","fwd"]'), ("reporter", '["dst",1]'), ("reporter", "[]"), ("reporter", '"dst,"'),
        ("source_type", '"pod"'), ("dest_type", "3"), ("proto", "6"), ("proto", '"TCP"'),
        ("source_ip", '"10.0.0.256"'), ("source_ip", '"010.0.0.1"'), ("dest_ip", '"fe80::1%eth0"'),
        ("dest_ip", '""'), ("dest_ip", "[]"), ("host", "5"), ("process_id", "1234"), ("dest_name", "{}"),
        ("start_time", "0"), ("start_time", "-5"), ("start_time", "1"), ("start_time", '"yesterday"'),
        ("start_time", f"{NOW_SECONDS + 3601}"), ("start_time", f"{NOW_SECONDS + 3600}"),
        ("start_time", "1.5"),
        ("start_time", f'"{NOW_SECONDS}"'), ("start_time", '"2026-11-23T14:59:59Z"'), ("start_time", "true"),
        ("start_time", '"2026-11-23T15:00:01Z"'), ("end_time", "0"), ("end_time", '"2026-02-30T00:00:00Z"'),
        ("@timestamp", "[]"), ("@timestamp", "9223372036854775807"), ("start_time", "null"),
        ("start_time", '"-"'),
        ("source_labels", '"a=b"'), ("source_labels", '{"labels":"a=b"}'),
        ("source_labels", '{"labels":[1]}'),
        ("dest_labels", '{"labels":[null]}'), ("dest_labels", "[]"), ("dest_labels", '{"other":1}'),
        ("dest_domains", '"example.com"'), ("dest_domains", "[null]"), ("dest_domains", "[1]"),
        ("dest_domains", '["-","-"]'), ("dest_domains", '[""]'), ("process_args", "{}"),
        ("nat_outgoing_ports", "[1.5]"), ("nat_outgoing_ports", "[null]"), ("nat_outgoing_ports", "[70000]"),
        ("nat_outgoing_ports", '["1"]'), ("nat_outgoing_ports", '["-"]'), ("nat_outgoing_ports", "[[]]"),
        ("original_source_ips", '["x"]'), ("original_source_ips", '["-"]'),
        ("original_source_ips", '["1.2.3.4","-"]'),
        ("original_source_ips", '["::FFFF:1.2.3.4","1.2.3.4"]'), ("policies", "[]"), ("policies", '"x"'),
        ("policies", '{"all_policies":"-"}'), ("policies", '{"all_policies":"x"}'),
        ("policies", '{"all_policies":[null]}'),
        ("policies", '{"enforced_policies":[["a"]]}'), ("policies", '{"x":1,"x":2}'),
        ("policies", '{"all_policies":[' + ",".join(['"p"'] * 1001) + "]}"),
        ("policies", '{"all_policies":[' + ",".join(['"p"'] * 1000) + "]}"),
    )},
}  # fmt: skip


@st.composite
def delivered(draw: st.DrawFn, most: int = 24) -> list[bytes]:
    """Lines of which some are spoilt, some twice."""
    lines: list[bytes] = []
    for line in draw(st.lists(good_line, min_size=1, max_size=most)):
        choice = random.Random(draw(st.integers(0, 2**32)))
        spoilt = line
        for name in draw(st.lists(st.sampled_from(sorted(SPOILS)), max_size=1)):
            try:
                spoilt = SPOILS[name](line, choice)
            except (ValueError, AttributeError):  # a spoil that needs JSON came upon none
                spoilt = line[:-1]
        lines.extend(spoilt.split(b"\n"))
    return lines
