"""Keys that stores keep for ever: of a record, of what roll-ups and verdicts go by, of a policy trace.

A value's hash is BLAKE2b-64 of `=` and its text, an absent value's of `-`. A key folds the hashes of
its values in order: k = mix(k xor hash), from 0, with splitmix64's finaliser; a list folds its items,
then its length + 1 (0: no list); a verdict key goes on from the flow key.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b, sha256

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes = npt.NDArray[np.uint64]

_ID_BYTES = 12
_ID_LENGTH = 16
_SEPARATOR = "\x1f"
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_ABSENT = int.from_bytes(blake2b(b"-", digest_size=8).digest(), "little")


def digests(cluster: str, kind: str, identities: Iterable[bytes]) -> list[bytes]:
    """SHA-256 over cluster, kind and identity of each."""
    prefix = f"{cluster}{_SEPARATOR}{kind}{_SEPARATOR}".encode()
    return [sha256(prefix + identity).digest() for identity in identities]


def record_ids(digests: Iterable[bytes]) -> pa.Array:
    """The first 96 bits of each digest in base64url."""
    heads = b"".join([digest[:_ID_BYTES] for digest in digests])
    count = len(heads) // _ID_BYTES
    offsets = np.arange(0, (count + 1) * _ID_LENGTH, _ID_LENGTH, dtype=np.int32)
    texts = urlsafe_b64encode(heads)  # no padding: 12 bytes are 16 characters
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(texts))


def flow_keys(columns: Sequence[pa.Array]) -> Hashes:
    """One key a row over columns of texts and whole numbers."""
    return _with_values(np.zeros(len(columns[0]), np.uint64), columns)


def trace_keys(columns: Sequence[pa.Array]) -> Hashes:
    """One key a row over columns of lists of texts; null and empty lists differ."""
    return _with_lists(np.zeros(len(columns[0]), np.uint64), columns)


def verdict_keys(keys: Hashes, texts: Sequence[pa.Array], lists: Sequence[pa.Array]) -> Hashes:
    """Flow keys, and what else a verdict depends on."""
    return _with_lists(_with_values(keys, texts), lists)


def _with_values(keys: Hashes, columns: Sequence[pa.Array]) -> Hashes:
    for column in columns:
        keys = _mix(keys ^ _hashes(column))
    return keys


def _with_lists(keys: Hashes, columns: Sequence[pa.Array]) -> Hashes:
    keys = keys.copy()
    for column in columns:
        hashes = _hashes(column.flatten())
        lengths = column.value_lengths().fill_null(0).to_numpy()
        starts = np.cumsum(lengths) - lengths
        for place in range(int(lengths.max(initial=0))):
            rows = np.flatnonzero(lengths > place)
            keys[rows] = _mix(keys[rows] ^ hashes[starts[rows] + place])
        present = column.is_valid().to_numpy(zero_copy_only=False)
        keys = _mix(keys ^ np.where(present, lengths + 1, 0).astype(np.uint64))
    return keys


def _hashes(column: pa.Array) -> Hashes:
    """The hash of each value; only distinct ones are computed."""
    coded = column.dictionary_encode()
    distinct = [_hash(value) for value in coded.dictionary.to_pylist()]
    codes = coded.indices.fill_null(len(distinct)).to_numpy()
    return np.array([*distinct, _ABSENT], np.uint64)[codes]


# Names come back in every batch.
@lru_cache(maxsize=1 << 16)
def _hash(value: str | int) -> int:
    return int.from_bytes(blake2b(f"={value}".encode(), digest_size=8).digest(), "little")


def _mix(keys: Hashes) -> Hashes:
    keys = keys + _GOLDEN
    keys = (keys ^ (keys >> np.uint64(30))) * _FIRST
    keys = (keys ^ (keys >> np.uint64(27))) * _SECOND
    return keys ^ (keys >> np.uint64(31))
