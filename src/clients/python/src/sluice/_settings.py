"""What can be chosen for a partition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Batching:
    """When records become a batch, and how many batches may be unanswered.

    records, bytes: what a batch has at most; a larger record goes alone. linger: seconds after which a batch that is
    not full is sent. in_flight: batches under way at once; None is 4, and 1 for sinks of type `http` and `fanout`.
    memory: bytes of records that a partition holds at most.
    """

    records: int = 1_000
    bytes: int = 1_000_000
    linger: float = 0.2
    in_flight: Optional[int] = None
    memory: int = 8_000_000

    def __post_init__(self) -> None:
        if self.records < 1 or self.bytes < 1 or self.linger < 0 or (self.in_flight is not None and self.in_flight < 1):
            raise ValueError("records, bytes and in_flight are at least 1, linger is not negative")


@dataclass(frozen=True)
class Retrying:
    """Full jitter between 0 and least × 2ⁿ seconds, at most `most`; for ever where give_up_after is None."""

    least: float = 0.1
    most: float = 10.0
    give_up_after: Optional[float] = None
