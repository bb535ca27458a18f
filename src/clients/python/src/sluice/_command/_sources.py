"""Records of files, each with its offset; the same file always gives the same bytes at the same offsets."""

from __future__ import annotations

import csv
import json
import os
import sys
import time
from typing import IO, Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

from .._batch import encode
from ._texts import elements


class UnusableError(Exception):
    """The source is not what it should be; the message is for the caller."""


class Numbered(NamedTuple):
    """A record with its offset, and how many bytes of all sources were read to get it."""

    offset: int
    record: bytes
    read: int


def pointed(value: Any, pointer: str) -> Any:
    """What an RFC 6901 pointer names; raises KeyError where it names nothing."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (KeyError, IndexError, TypeError, ValueError):
            raise KeyError(pointer) from None
    return value


class Lines:
    """Whole lines of files, one file after the other; of the last one also those that are still to be written."""

    LOOK = 0.2
    BLOCK = 1 << 16

    def __init__(self, names: List[str], follow: bool, at_end: "Optional[Callable[[bool], None]]" = None) -> None:
        """at_end: called at each end of the file that is followed, with whether an unfinished line is there."""
        self._names = names
        self._follow = follow
        self._at_end = at_end
        self._largest = 0
        self.read = 0

    def __iter__(self) -> Iterator[bytes]:
        for index, name in enumerate(self._names):
            last = index == len(self._names) - 1
            if name == "-":
                yield from self._of(sys.stdin.buffer)
            elif last and self._follow:
                with open(name, "rb", buffering=0) as file:
                    yield from self._followed(file, name)
            else:
                with open(name, "rb") as file:
                    yield from self._of(file)

    def _of(self, file: IO[bytes]) -> Iterator[bytes]:
        for line in file:
            self.read += len(line)
            yield line

    def _followed(self, file: IO[bytes], name: str) -> Iterator[bytes]:
        rest: List[bytes] = []
        while True:
            # Before each read, since what is read of another file would get the offsets of this one's lines.
            self._same(file, name)
            block = file.read(self.BLOCK)
            if block:
                *whole, left = block.split(b"\n")
                for part in whole:
                    line = b"".join([*rest, part, b"\n"])
                    rest = []
                    self.read += len(line)
                    yield line
                if left:
                    rest.append(left)
            else:
                # The end of the line may still be on its way.
                if self._at_end is not None:
                    self._at_end(any(part.strip() for part in rest))
                time.sleep(self.LOOK)

    def _same(self, file: IO[bytes], name: str) -> None:
        try:
            now = os.stat(name)
        except FileNotFoundError:
            raise UnusableError(
                f"{name} was moved or removed: what was sent of it is safe, its successor needs a partition of its own"
            ) from None
        opened = os.fstat(file.fileno())
        if (now.st_dev, now.st_ino) != (opened.st_dev, opened.st_ino) or now.st_size < self._largest:
            raise UnusableError(
                f"{name} was replaced or cut: its lines would get offsets of others. What was sent is"
                " safe; the new file needs a partition of its own"
            )
        self._largest = now.st_size


def _ndjson(lines: Lines) -> Iterator[Tuple[bytes, int]]:
    for line in lines:
        record = line.strip()
        if record:
            yield record, lines.read


def _rows(rows: Any) -> Iterator[List[str]]:
    try:
        yield from rows
    except csv.Error as cause:
        raise ValueError(f"line {rows.line_num} cannot be read as a table: {cause}") from None


def _table(lines: Lines, separator: str) -> Iterator[Tuple[bytes, int]]:
    rows = csv.reader((line.decode("utf-8-sig") for line in lines), delimiter=separator)
    header: Optional[List[str]] = None
    for row in _rows(rows):
        if not row:
            continue
        if header is None:
            header = row
            if len(set(header)) != len(header):
                raise UnusableError(f"the header names a column twice: {separator.join(header)}")
        elif row != header:
            if len(row) != len(header):
                raise UnusableError(f"line {rows.line_num} has {len(row)} values, but the header has {len(header)}")
            yield encode(dict(zip(header, row))), lines.read


def _array(lines: Lines) -> Iterator[Tuple[bytes, int]]:
    text = b"".join(lines).decode("utf-8-sig")
    if not text.lstrip().startswith("["):
        raise UnusableError("the document is no JSON array")
    for element in elements(text):
        yield element.encode(), lines.read


FORMATS: "Dict[str, Callable[[Lines], Iterator[Tuple[bytes, int]]]]" = {
    "ndjson": _ndjson,
    "csv": lambda lines: _table(lines, ","),
    "tsv": lambda lines: _table(lines, "\t"),
    "json-array": _array,
}
_ENDINGS = {".csv": "csv", ".tsv": "tsv", ".json": "json-array"}


def format_of(names: List[str]) -> str:
    """The format by the name of the first file; NDJSON where it tells nothing."""
    return _ENDINGS.get(os.path.splitext(names[0])[1].lower(), "ndjson")


def _integer(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueError(f"{value!r} is no integer")


def numbered(
    names: List[str],
    format_: str,
    offsets: str,
    follow: bool,
    at_end: "Optional[Callable[[bool], None]]" = None,
) -> Iterator[Numbered]:
    """All records in their order. offsets: `lines`, or `json:/pointer`, an integer that each record has."""
    lines = Lines(names, follow, at_end)
    for index, (record, read) in enumerate(FORMATS[format_](lines)):
        if offsets == "lines":
            yield Numbered(index, record, read)
        else:
            pointer = offsets[len("json:") :]
            try:
                yield Numbered(_integer(pointed(json.loads(record), pointer)), record, read)
            except (KeyError, ValueError):
                raise UnusableError(f"record {index} has no integer at {pointer}: {record[:200]!r}") from None


def size(names: List[str]) -> Optional[int]:
    """Bytes of all files, None where one of them cannot tell."""
    try:
        return sum(os.stat(name).st_size for name in names) if "-" not in names else None
    except OSError:
        return None
