"""What an answer to a batch means: the table of retries, and nothing that is sent or kept."""

from __future__ import annotations

import enum
from typing import Mapping, Optional, Type

from ._errors import (
    Conflict,
    Error,
    Fenced,
    NotOpened,
    NotRewindable,
    Refused,
    Rejected,
    SinkBehind,
    TooLarge,
)
from ._http import Answer


class Verdict(enum.Enum):
    """What to do."""

    SETTLED = 1
    REPEAT = 2
    GAP = 3
    HALVE = 4
    REJECTED = 5
    FAILED = 6


_FAILURES: "Mapping[str, Type[Error]]" = {
    "fenced": Fenced,
    "unknown-fencing-token": Fenced,
    "fencing-token-required": NotOpened,
    "offset-conflict": Conflict,
    "sink-behind": SinkBehind,
    "not-rewindable": NotRewindable,
    "too-large": TooLarge,
    "record-rejected": Rejected,
}
_REPEATED = frozenset(
    {
        "busy",
        "quota-exceeded",
        "overloaded",
        "issuer-unavailable",
        "storage-unavailable",
        "paused",
        "target-unavailable",
        "outcome-unknown",
        "request-timeout",
    }
)
# Of whatever stands between here and the service.
_REPEATED_STATUS = frozenset({0, 408, 425, 429, 502, 503, 504})
_INTERNAL_ERRORS = 5


def broken(answer: Answer) -> bool:
    """Whether the service has failed in a way that it does not know: this passes seldom, and is repeated seldom."""
    return answer.problem == "internal-error" or (answer.problem is None and answer.status == 500)


def verdict(answer: Answer, failures: int) -> Verdict:
    """What to do about an answer that is no success, the last of so many `broken` ones to the same request."""
    problem = answer.problem
    if problem is None and answer.status == 413:
        return Verdict.HALVE
    if broken(answer):
        return Verdict.REPEAT if failures < _INTERNAL_ERRORS else Verdict.FAILED
    if problem is None:
        # A 2xx that is not the service's own says nothing about the batch.
        return Verdict.REPEAT if answer.status in _REPEATED_STATUS or 200 <= answer.status < 300 else Verdict.FAILED
    if problem in _REPEATED:
        return Verdict.REPEAT
    if problem == "offset-gap":
        return Verdict.GAP
    if problem == "too-large":
        return Verdict.HALVE
    if problem == "record-rejected":
        return Verdict.REJECTED
    known = problem in _FAILURES
    return Verdict.REPEAT if not known and (answer.document or {}).get("retryable") is True else Verdict.FAILED


def failure(answer: Answer, where: str) -> Error:
    """The exception for an answer that ends a partition."""
    kind = _FAILURES.get(answer.problem or ("too-large" if answer.status == 413 else ""), Refused)
    return kind(f"{where}: {answer}", answer.document, answer.status)


def document_of(answer: Answer, *members: str) -> "Optional[Mapping[str, object]]":
    """The document of a 2xx that has these members, or None: then it is not the service that has answered."""
    document = answer.document
    if document is None or not 200 <= answer.status < 300 or any(member not in document for member in members):
        return None
    return document
