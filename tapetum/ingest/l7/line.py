"""One line of an L7 log, of whichever dialect it is."""

from typing import Any

from tapetum.ingest.context import Context
from tapetum.ingest.flat import Row
from tapetum.ingest.l7 import calico, envoy, envoy_text, ztunnel
from tapetum.ingest.objects import unwrapped
from tapetum.ingest.refusals import Cause, UnreadableError
from tapetum.ingest.strict_json import parse_object
from tapetum.ingest.text_lines import text_of


def read_line(line: bytes, context: Context) -> Row:
    if line.lstrip(b" \t")[:1] == b"{":
        return _read_record(unwrapped(parse_object(line)), context)
    text = text_of(line)
    if ztunnel.is_line(text):
        return ztunnel.read_text(text, context)
    return envoy.read_access(envoy_text.fields(text), context)


def _read_record(record: dict[str, Any], context: Context) -> Row:
    if ztunnel.is_record(record):
        return ztunnel.read_record(record, context)
    if envoy.is_record(record):
        return envoy.read_record(record, context)
    if calico.is_record(record):
        return calico.read_record(record, context)
    raise UnreadableError(Cause.SHAPE, "neither an L7 log of Calico nor an access log of Envoy or ztunnel")
