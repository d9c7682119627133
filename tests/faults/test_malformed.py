"""F15: malformed lines anywhere, by every way in. Only they are rejected, and each says why."""

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
import zstandard

from tests.support import raw_flows
from tests.support.served import Served, run

pytestmark = [pytest.mark.fault, pytest.mark.server]

Spoil = Callable[[bytes], bytes]

KEPT = 65_536
"""Bytes that are kept of a bad line."""


def put(field: str, literal: bytes) -> Spoil:
    """The field with another literal as its value."""

    def spoil(line: bytes) -> bytes:
        flow = json.loads(line)
        flow[field] = "HERE"
        return raw_flows.encoded(flow).replace(b'"HERE"', literal)

    return spoil


def before_end(text: bytes) -> Spoil:
    return lambda line: line[:-1] + text + b"}"


def without(field: str) -> Spoil:
    def spoil(line: bytes) -> bytes:
        flow = json.loads(line)
        del flow[field]
        return raw_flows.encoded(flow)

    return spoil


SPOILED: dict[str, Spoil] = {
    "cut off": lambda line: line[:-20],
    "cut to a brace": lambda line: line[:1],
    "two objects": lambda line: line + line,
    "object and comma": lambda line: line + b",",
    "object and text": lambda line: line + b" and more",
    "a list of it": lambda line: b"[" + line + b"]",
    "a text": lambda line: b'"a"',
    "a number": lambda line: b"17",
    "null": lambda line: b"null",
    "empty object": lambda line: b"{}",
    "single quotes": lambda line: line.replace(b'"', b"'"),
    "trailing comma": before_end(b","),
    "comment": before_end(b"/* all is well */"),
    "no quotes": lambda line: line.replace(b'"action"', b"action"),
    "byte order mark": lambda line: b"\xef\xbb\xbf" + line,
    "UTF-16": lambda line: line.decode().encode("utf-16-le").replace(b"\n", b""),
    "bad UTF-8": put("source_namespace", b'"\xff\xfe"'),
    "cut UTF-8": put("source_namespace", b'"\xe6\xbc"'),
    "overlong UTF-8": put("source_namespace", b'"\xc0\xaf"'),
    "surrogate as UTF-8": put("source_namespace", b'"\xed\xa0\x80"'),
    "NUL": put("source_namespace", b'"a\x00b"'),
    "NUL outside": lambda line: line + b"\x00",
    "control character": put("source_namespace", b'"a\x01b"'),
    "tab in a text": put("source_namespace", b'"a\tb"'),
    "half a surrogate pair": put("source_namespace", b'"\\ud800"'),
    "wrong escape": put("source_namespace", b'"\\x41"'),
    "short escape": put("source_namespace", b'"\\u12"'),
    "deep list": put("new_field", b"[" * 5000 + b"]" * 5000),
    "deeper object": put("new_field", b'{"a":' * 20_000 + b"1" + b"}" * 20_000),
    "deep and open": put("new_field", b"[" * 100_000),
    "repeated key": before_end(b',"bytes_in":7'),
    "repeated key, same value": before_end(b',"action":"allow"'),
    "repeated key, escaped": before_end(b',"b\\u0079tes_in":7'),
    "NaN": put("bytes_in", b"NaN"),
    "Infinity": put("bytes_in", b"-Infinity"),
    "2^63": put("bytes_in", str(2**63).encode()),
    "2^64": put("packets_out", str(2**64).encode()),
    "a thousand digits": put("bytes_in", b"9" * 1000),
    "a million digits": put("bytes_in", b"9" * 900_000),
    "negative": put("num_flows_started", b"-1"),
    "fraction": put("bytes_out", b"1.5"),
    "number as text": put("bytes_in", b'"600"'),
    "truth as number": put("packets_in", b"true"),
    "list as number": put("bytes_in", b"[600]"),
    "object as number": put("bytes_in", b'{"value":600}'),
    "leading zero": put("bytes_in", b"012"),
    "plus": put("bytes_in", b"+12"),
    "hexadecimal": put("bytes_in", b"0x1f"),
    "fractional port": put("dest_port", b"80.5"),
    "port 65536": put("dest_port", b"65536"),
    "negative port": put("source_port", b"-1"),
    "port as text": put("dest_port", b'"http"'),
    "number as text field": put("source_namespace", b"5"),
    "object as text field": put("host", b'{"a":1}'),
    "no action": without("action"),
    "unknown action": put("action", b'"maybe"'),
    "capital action": put("action", b'"ALLOW"'),
    "no reporter": without("reporter"),
    "unknown reporter": put("reporter", b'"middle"'),
    "list of unknown reporters": put("reporter", b'["src","x"]'),
    "unknown endpoint type": put("dest_type", b'"pod"'),
    "no address": put("source_ip", b'"300.1.1.1"'),
    "address with a zone": put("dest_ip", b'"fe80::1%eth0"'),
    "labels as a number": put("source_labels", b'{"labels":[1]}'),
    "policies as a list": put("policies", b'["0|a|b|allow|0"]'),
    "domains as a text": put("dest_domains", b'"example.com"'),
}


def test_the_corpus_is_bad_and_the_line_it_is_made_of_is_good(served: Served) -> None:
    """Each alone, so that none can hide behind another."""
    line = raw_flows.line(int(time.time()) - 600, host="good")
    found = {
        name: served.ingest([spoil(line)], f"f15-alone-{at}")["rejected"]
        for at, (name, spoil) in enumerate(SPOILED.items())
    }
    assert found == dict.fromkeys(SPOILED, 1) | {"a list of it": 0}, "a body may be one list of records"
    assert served.ingest([line], "f15-alone")["accepted"] == 1


def mixture(chance: Random, mark: str) -> tuple[list[bytes], dict[int, bytes]]:
    """Good lines with bad ones at random places, and the bad ones by their place."""
    start = int(time.time()) - 7200
    lines = [raw_flows.line(start + chance.randrange(7000), host=f"{mark}-{number}") for number in range(150)]
    for name in chance.sample(sorted(SPOILED), 30):
        lines.insert(
            chance.randrange(len(lines) + 1), SPOILED[name](raw_flows.line(start, host=f"{mark}-{name}"))
        )
    good = {f'"host":"{mark}-{number}"'.encode() for number in range(150)}
    bad = {at: line for at, line in enumerate(lines) if not any(host in line for host in good)}
    assert len(bad) == 30
    return lines, bad


def assert_told_apart(served: Served, cluster: str, lines: list[bytes], bad: dict[int, bytes]) -> None:
    kept = sorted(flow["raw"] for flow in served.pages("flows", "raw", cluster))
    assert kept == sorted(line.decode() for at, line in enumerate(lines) if at not in bad)
    letters = served.pages("rejectedLines", "lineNumber line reason", cluster)
    assert {letter["lineNumber"] for letter in letters} == set(bad)
    for letter in letters:
        line, reason = bad[letter["lineNumber"]], letter["reason"]
        assert letter["line"] == line[:KEPT].decode(errors="replace")
        assert (f"the first {KEPT} of {len(line)} bytes" in reason) == (len(line) > KEPT)
        assert reason, letter["line"][:200]
        assert reason.isascii(), reason
        assert reason.isprintable(), reason
        assert len(reason) < 300, reason


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_pushed(served: Served, fault_seed: int, encoding: str, end: bytes) -> None:
    cluster = f"f15-{encoding}-{len(end)}-{fault_seed}"
    lines, bad = mixture(Random(cluster), "m")
    body = end.join(lines) + chance_end(fault_seed, end)
    packed = {"identity": bytes, "gzip": gzip.compress, "zstd": zstandard.compress}[encoding](body)
    counts = served.ingest(packed, cluster, content_encoding=encoding)
    assert counts == {"lines": 180, "accepted": 150, "duplicates": 0, "rejected": 30}
    assert_told_apart(served, cluster, lines, bad)


def chance_end(seed: int, end: bytes) -> bytes:
    return end * (seed % 3)


def test_by_command_from_files_and_standard_input(served: Served, tmp_path: Path, fault_seed: int) -> None:
    """Four sources in one run, each with another mixture."""
    cluster = f"f15-command-{fault_seed}"
    made = {name: mixture(Random(f"{name}{fault_seed}"), name) for name in ("plain", "gzip", "zstd", "stdin")}
    bodies = {name: b"\n".join(lines) for name, (lines, _) in made.items()}
    plain, gzipped, zstd = (tmp_path / name for name in ("a.log", "b.ndjson.gz", "c.json.zst"))
    plain.write_bytes(bodies["plain"])
    gzipped.write_bytes(gzip.compress(bodies["gzip"]))
    zstd.write_bytes(zstandard.compress(bodies["zstd"]))
    done = run(
        "ingest", plain, gzipped, zstd, "-", "--cluster", cluster, "--data", served.data, "--json",
        stdin=bodies["stdin"],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"lines": 720, "accepted": 600, "duplicates": 0, "rejected": 120}
    kept = sorted(flow["raw"] for flow in served.pages("flows", "raw", cluster))
    assert kept == sorted(
        line.decode() for lines, bad in made.values() for at, line in enumerate(lines) if at not in bad
    )
    letters = served.pages("rejectedLines", "source lineNumber line reason", cluster)
    told = {(letter["source"], letter["lineNumber"]): letter for letter in letters}
    sources = dict(
        zip(("plain", "gzip", "zstd", "stdin"), (str(plain), str(gzipped), str(zstd), "stdin"), strict=True)
    )
    assert set(told) == {(sources[name], at) for name, (_, bad) in made.items() for at in bad}
    assert all(letter["reason"] for letter in letters)
