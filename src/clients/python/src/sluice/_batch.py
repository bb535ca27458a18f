"""Records that are sent together."""

from __future__ import annotations

import enum
import json
from typing import Any, List, Optional, Tuple

from ._errors import Error


class State(enum.Enum):
    """Where a batch is. BLOCKED waits for those before it to be settled; so does what FAILED means for the lane."""

    READY = 1
    SENT = 2
    BLOCKED = 3
    SETTLED = 4
    FAILED = 5


def encode(value: Any) -> bytes:
    """A record's bytes: bytes and str are JSON already and stay as they are, anything else becomes compact JSON."""
    if isinstance(value, bytes):
        record = value
    elif isinstance(value, str):
        record = value.encode()
    elif isinstance(value, (bytearray, memoryview)):
        record = bytes(value)
    else:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    if not record or record.isspace():
        raise ValueError("a record is one JSON value; this one is empty")
    return record


class Batch:
    """Records that cover the offsets [first, end). `offsets` is None while they follow each other without a hole."""

    __slots__ = (
        "began",
        "cause",
        "due",
        "end",
        "failures",
        "first",
        "head",
        "offsets",
        "records",
        "since",
        "size",
        "state",
        "tries",
    )

    def __init__(self, first: int, since: float) -> None:
        self.first = first
        self.end = first
        self.records: List[bytes] = []
        self.offsets: Optional[List[int]] = None
        self.size = 0
        self.since = since
        self.state = State.READY
        self.due = 0.0
        self.tries = 0
        self.failures = 0
        self.began = 0.0
        # Whether nothing was before it when it was sent last.
        self.head = False
        self.cause: Optional[Error] = None

    def add(self, record: bytes, offset: int) -> None:
        """Adds a record at or above `end`; what lies between is a hole."""
        if offset != self.end:
            self.extend(offset)
        if self.offsets is not None:
            self.offsets.append(offset)
        self.records.append(record)
        self.size += len(record)
        self.end = offset + 1

    def extend(self, end: int) -> None:
        """Declares [self.end, end) a hole."""
        if end > self.end:
            self._list_offsets()
            self.end = end

    def _list_offsets(self) -> List[int]:
        if self.offsets is None:
            self.offsets = list(range(self.first, self.end))
        return self.offsets

    def halves(self) -> "Tuple[Batch, Batch]":
        """The same as two batches; it has more than one record."""
        offsets = self._list_offsets()
        middle = len(self.records) // 2
        lower, upper = Batch(self.first, self.since), Batch(offsets[middle], self.since)
        for batch, chosen in ((lower, range(middle)), (upper, range(middle, len(offsets)))):
            for index in chosen:
                batch.add(self.records[index], offsets[index])
            batch.began = self.began
        lower.extend(upper.first)
        upper.extend(self.end)
        return lower, upper

    def replace(self, offset: int, record: Optional[bytes]) -> None:
        """Takes another record at an offset, or none: then a hole is there."""
        offsets = self._list_offsets()
        index = offsets.index(offset)
        self.size += (0 if record is None else len(record)) - len(self.records[index])
        if record is None:
            del offsets[index], self.records[index]
        else:
            self.records[index] = record

    def at(self, offset: int) -> bytes:
        """The record at an offset; raises ValueError where there is none."""
        return self.records[self._list_offsets().index(offset)]

    def _lines(self) -> Optional[bytes]:
        body = b"\n".join(self.records)
        # A record that was printed on several lines is none of NDJSON.
        return None if body.count(b"\n") != len(self.records) - 1 or b"\r" in body else body

    def keyed(self) -> "Tuple[str, dict[str, str], bytes]":
        """Media type, parameters and body of keyed records. An object with key and value is one value or none."""
        query = {"offset": str(self.first)}
        body = self._lines()
        if body is None:
            return "application/json", query, b"[" + b",".join(self.records) + b"]"
        return "application/x-ndjson", query, body

    def body(self) -> "Tuple[str, dict[str, str], bytes]":
        """Media type, parameters and body. Each form is refused where a record is not exactly one value."""
        if len(self.records) > 1 and (self.offsets is None or len(self.offsets) == self.end - self.first):
            body = self._lines()
            if body is not None:
                return "application/x-ndjson", {"offset": str(self.first)}, body
        # A single line, or an array, may hold more records than were meant; with their offsets beside them it may not.
        head = json.dumps(
            {"first": self.first, "end": self.end, "offsets": self._list_offsets()}, separators=(",", ":")
        ).encode()
        return "application/json", {}, head[:-1] + b',"records":[' + b",".join(self.records) + b"]}"
