"""Which names an answer tells: all texts in it, however deep."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa


def texts(answer: Any) -> Iterator[str]:
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, pa.Table):
        yield from texts(answer.to_pylist())
    elif isinstance(answer, Mapping):
        for key, value in answer.items():
            yield from texts(key)
            yield from texts(value)
    elif is_dataclass(answer) and not isinstance(answer, type):
        for field in fields(answer):
            yield from texts(getattr(answer, field.name))
    elif isinstance(answer, (list, tuple, set, frozenset)):
        for item in answer:
            yield from texts(item)
    else:
        assert answer is None or isinstance(answer, (int, float, bytes, datetime, np.ndarray)), type(answer)


def plain(answer: Any) -> Any:
    """An answer that compares by value: arrays, rows and dataclasses as tuples."""
    if isinstance(answer, np.ndarray):
        return tuple(map(plain, answer.tolist())) if answer.ndim else answer.item()
    if isinstance(answer, pa.Table):
        return plain([tuple(row.values()) for row in answer.to_pylist()])
    if is_dataclass(answer) and not isinstance(answer, type):
        return tuple(plain(getattr(answer, field.name)) for field in fields(answer))
    if isinstance(answer, Mapping):
        return {key: plain(value) for key, value in answer.items()}
    if isinstance(answer, (list, tuple)):
        return tuple(map(plain, answer))
    return answer
