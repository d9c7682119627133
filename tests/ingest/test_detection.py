"""Which form: from real first lines, bad ones among them; the samples' tests ask for real files."""

import pytest

from tapetum.ingest.detection import detect_form
from tapetum.ingest.forms import Form

CALICO = b'{"start_time":1,"action":"allow","reporter":"src","source_type":"wep","source_name_aggr":"a-*"}'
EMITTER = b'{"Key":{"proto":"TCP","reporter":1,"action":2},"start_time":1795388460}'
GRPC = b'{"id":"10821", "flow":{"Key":{"source_name":"a", "reporter":"Dst"}, "start_time":"1795388460"}}'
REST = b'{"start_time":"2026-11-23T00:25:30Z","action":"Allow","protocol":"tcp","reporter":"Src"}'
HUBBLE = b'{"flow":{"time":"2026-04-24T14:00:00Z","verdict":"DROPPED","l4":{"TCP":{}}},"node_name":"a"}'
TYPED = b'{"time":"2026-04-24T14:00:00Z","verdict":"DROPPED","IP":{},"event_type":{"type":5}}'
BARE = b'{"time":"2026-04-24T14:00:00Z","verdict":"DROPPED","IP":{}}'
LOST = b'{"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":"7"}}'
NETOBSERV = b'{"SrcAddr":"10.0.0.1","DstAddr":"10.0.0.2","Bytes":66,"TimeReceived":1708011867}'

DNS = b'{"start_time":1,"type":"LOG","count":1,"qname":"a.example","rcode":"NoError","action":"x"}'
L7 = b'{"start_time":1,"src_name_aggr":"a-*","dest_name_aggr":"b-*","dest_type":"wep","method":"GET"}'
ENVOY = b'{"start_time":"2026-11-23T14:00:00Z","protocol":"HTTP/1.1","upstream_cluster":"outbound|80||a"}'
WAYPOINT = b'2025-01-30T12:10:13.6Z [2025-01-30T12:10:13.279Z] "GET /details/0 HTTP/1.1" 200 - via_upstream -'
ZTUNNEL = b"2024-04-12T10:17:44.080629Z\tinfo\taccess\tconnection complete\tsrc.addr=10.244.0.16:52008"
AUDIT = b'{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"x","verb":"get","objectRef":{}}'
BGP = b'{"logtime":"2026-11-23T14:00:00Z","host":"a","ip_version":"IPv4","message":"bird: x"}'
BIRD = b"2026-11-23 14:00:00 <TRACE> Mesh_10_0_0_2: State changed to up"
EVE = b'{"timestamp":"2026-11-23T14:00:00","event_type":"alert","proto":"TCP","alert":{"action":"allowed"}}'
OWN = b'{"time":1,"title":"x","severity":5,"action":"deny","proto":"tcp"}'
TIGERA = b'{"time":1,"type":"waf","description":"x","severity":5,"record":{"action":"deny","proto":"tcp"}}'


@pytest.mark.parametrize(
    ("sample", "form"),
    [
        (DNS, Form.DNS),
        (b'{"start_time":1,"end_time":2,"type":"UNLOGGED","count":3}', Form.DNS),
        (L7, Form.L7),
        (ENVOY, Form.L7),
        (WAYPOINT, Form.L7),
        (WAYPOINT.partition(b" ")[2], Form.L7),
        (ZTUNNEL, Form.L7),
        (b"2024-04-11T15:38:42.182974Z  INFO access: connection complete src.addr=10.244.0.24:1", Form.L7),
        (b'{"time":"2026-11-23T14:00:00Z","scope":"access","src.addr":"10.0.0.1:1"}', Form.L7),
        (b'{"start_time":"2026-11-23T14:00:00Z","method":"GET","path":"/","protocol":"HTTP/1.1"}', Form.L7),
        (b'{"start_time":1,"count":1,"url":"/","response_code":"200"}', Form.L7),
        (AUDIT, Form.AUDIT),
        (b'{"kind":"EventList","items":[' + AUDIT + b"]}", Form.AUDIT),
        (BGP, Form.BGP),
        (BIRD, Form.BGP),
        (b"bird: Mesh_10_0_0_2: State changed to up", Form.BGP),
        (EVE, Form.EVENTS),
        (b"[\n " + EVE + b"\n]", Form.EVENTS),
        (OWN, Form.EVENTS),
        (TIGERA, Form.EVENTS),
        (b'{"_source":' + TIGERA + b"}", Form.EVENTS),
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
        (TYPED, Form.HUBBLE),
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


@pytest.mark.parametrize("line", [CALICO, EMITTER, HUBBLE, NETOBSERV, DNS, L7, AUDIT, BGP, EVE])
def test_bad_lines_are_passed_over_and_a_cut_sample_still_tells(line: bytes) -> None:
    form = detect_form(line)
    assert form is not None
    assert detect_form(b"not json\n{}\n\xff\xfe\n" + line + b"\n" + line[:40]) is form
    assert detect_form(b"[\n  " + line * 3) is form
