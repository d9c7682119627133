"""What is kept of a line that could not be read. Knows no engine."""

from tapetum.domain.batches import Batch, Rejection

_KEPT = 64 * 1024


def kept(batch: Batch, rejection: Rejection) -> bytes:
    return batch.lines[rejection.line_no][:_KEPT]


def reason(batch: Batch, rejection: Rejection) -> str:
    """The reason, with a note where the line is kept in part."""
    line = batch.lines[rejection.line_no]
    if len(line) <= _KEPT:
        return rejection.reason
    return f"{rejection.reason} (kept: the first {_KEPT} of {len(line)} bytes)"


def letter_id(batch_id: str, line_no: int) -> str:
    return f"{batch_id}.{line_no}"
