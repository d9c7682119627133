"""What a batch brought, as it is recorded with its id and given back when the batch comes again."""

import msgspec

from tapetum.graphstore.port import Applied

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Applied)


def recorded(applied: Applied) -> bytes:
    return _ENCODER.encode(applied)


def remembered(text: bytes) -> Applied:
    return _DECODER.decode(text)
