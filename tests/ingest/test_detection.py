"""Which form: from real first lines, bad ones among them; the samples' tests ask for real files."""

import pytest

from tapetum.ingest.detection import detect_form
from tapetum.ingest.forms import Form

CALICO = b'{"start_time":1,"action":"allow","reporter":"src","source_type":"wep","source_name_aggr":"a-*"}'
EMITTER = b'{"Key":{"proto":"TCP","reporter":1,"action":2},"start_time":1795388460}'
GRPC = b'{"id":"10821", "flow":{"Key":{"source_name":"a", "reporter":"Dst"}, "start_time":"1795388460"}}'
REST = b'{"start_time":"2026-11-23T00:25:30Z","action":"Allow","protocol":"tcp","reporter":"Src"}'
HUBBLE = b'{"flow":{"time":"2026-04-24T14:00:00Z","verdict":"DROPPED","l4":{"TCP":{}}},"node_name":"a"}'
BARE = b'{"time":"2026-04-24T14:00:00Z","verdict":"DROPPED","IP":{}}'
LOST = b'{"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":"7"}}'
NETOBSERV = b'{"SrcAddr":"10.0.0.1","DstAddr":"10.0.0.2","Bytes":66,"TimeReceived":1708011867}'


@pytest.mark.parametrize(
    ("sample", "form"),
    [
        (CALICO, Form.CALICO),
        (b'{"_source":' + CALICO + b',"_index":"x"}', Form.CALICO),
        (b'{"provenance":{},"record":' + CALICO + b"}", Form.CALICO),
        (EMITTER, Form.GOLDMANE),
        (GRPC, Form.GOLDMANE),
        (REST, Form.GOLDMANE),
        (b"data: " + REST + b"\n\ndata: " + REST, Form.GOLDMANE),
        (b'{"total":{},"items":[' + REST + b"]}", Form.GOLDMANE),
        (HUBBLE, Form.HUBBLE),
        (BARE, Form.HUBBLE),
        (LOST, Form.HUBBLE),
        (NETOBSERV, Form.NETOBSERV),
        (b"[" + NETOBSERV + b"]", Form.NETOBSERV),
        (b"", None),
        (b"\x00\xff\n[1]\nnull\n{}", None),
        (b'{"message":"hello"}', None),
        (b'{"a":' * 5000, None),
    ],
)
def test_forms(sample: bytes, form: Form | None) -> None:
    assert detect_form(sample) is form


@pytest.mark.parametrize("line", [CALICO, EMITTER, HUBBLE, NETOBSERV])
def test_bad_lines_are_passed_over_and_a_cut_sample_still_tells(line: bytes) -> None:
    form = detect_form(line)
    assert form is not None
    assert detect_form(b"not json\n{}\n\xff\xfe\n" + line + b"\n" + line[:40]) is form
    assert detect_form(b"[\n  " + line * 3) is form
