"""What may go wrong, by what the caller can do about it."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class Error(Exception):
    """Anything that this client raises about the service.

    `type` is the problem's name without `/problems/` (None where there was no problem document), `status` the HTTP
    status, `body` the whole document; `title` and `detail` are of the document, too.
    """

    def __init__(self, message: str, body: Optional[Mapping[str, Any]] = None, status: Optional[int] = None) -> None:
        super().__init__(message)
        self.body: Mapping[str, Any] = body or {}
        self.status = status
        kind = self.body.get("type")
        self.type: Optional[str] = kind.rsplit("/", 1)[-1] if isinstance(kind, str) else None
        self.title: Optional[str] = self.body.get("title")
        self.detail: Optional[str] = self.body.get("detail")


class Stopped(Error):
    """The partition takes nothing from this writer any more; nothing is sent after it."""


class Fenced(Stopped):
    """Another writer has opened the partition: `owner`, `since`."""

    @property
    def owner(self) -> Optional[str]:
        """Who has opened it, as that writer calls itself."""
        return self.body.get("owner")

    @property
    def since(self) -> Optional[str]:
        """When it was opened, as an RFC 3339 time."""
        return self.body.get("since")


class NotOpened(Stopped):
    """The partition was opened and this writer has no token: open it, which fences off who writes there now."""


class Conflict(Stopped):
    """Something else was committed at `offset`: the writer's numbering or its source has changed."""

    @property
    def offset(self) -> Optional[int]:
        """The first offset whose record differs."""
        return self.body.get("offset")


class DataGap(Stopped):
    """Records before those written are missing: go on from `expected_offset`."""

    def __init__(
        self, message: str, expected_offset: int, body: Optional[Mapping[str, Any]] = None, status: Optional[int] = None
    ) -> None:
        super().__init__(message, body, status)
        self.expected_offset = expected_offset


class SinkBehind(Stopped):
    """The sink stands at `next_offset`, before the position to resume at: committed data was lost."""

    @property
    def next_offset(self) -> Optional[int]:
        """Where the sink stands."""
        return self.body.get("nextOffset")


class NotRewindable(Stopped):
    """The sink cannot take back what it has: replay the same bytes at the same offsets."""


class TooLarge(Stopped):
    """A single record exceeds a limit, which `detail` names."""


class Refused(Stopped):
    """The service refuses the request for a reason that no repetition mends."""


class Rejected(Error):
    """The target refuses records: `rejected`, of which each has `offset`, `field`, `code`, `message`, `hint`."""

    @property
    def rejected(self) -> "list[dict[str, Any]]":
        """Up to 100 refused records."""
        return list(self.body.get("rejected") or [])


class Unavailable(Error):
    """The service did not take the batch within `give_up_after`; what was not answered may or may not be there."""
