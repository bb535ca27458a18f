"""Values of a JSON text as they stand there: numbers and escapes would be others if they were written anew."""

from __future__ import annotations

import json
import re
from typing import Iterator, Optional

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


def _behind(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return at if found is None else found.end()


def _another(text: str, at: int, end: str) -> "Optional[int]":
    """Where the next value or name begins, None at the end of the array or object."""
    at = _behind(text, at)
    if text[at : at + 1] == end:
        return None
    if text[at : at + 1] != ",":
        raise json.JSONDecodeError(f"Expecting ',' or '{end}'", text, at)
    return _behind(text, at + 1)


def elements(text: str) -> Iterator[str]:
    """The elements of an array; raises ValueError where it is none."""
    json.loads(text)
    at: Optional[int] = _behind(text, _behind(text, 0) + 1)
    while at is not None and text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        yield text[at:end]
        at = _another(text, end, "]")


def member(text: str, name: str) -> Optional[str]:
    """The value of a member of an object, None where it has none of that name."""
    at: Optional[int] = _behind(text, _behind(text, 0) + 1)
    while at is not None and text[at] != "}":
        found, end = _DECODER.raw_decode(text, at)
        at = _behind(text, _behind(text, end) + 1)
        _, end = _DECODER.raw_decode(text, at)
        if found == name:
            return text[at:end]
        at = _another(text, end, "}")
    return None
