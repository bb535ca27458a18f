"""A writer's client of Sluice: exactly-once delivery of numbered records."""

from ._client import Client
from ._errors import (
    Conflict,
    DataGap,
    Error,
    Fenced,
    NotOpened,
    NotRewindable,
    Refused,
    Rejected,
    SinkBehind,
    Stopped,
    TooLarge,
    Unavailable,
)
from ._lane import SKIP, RejectedRecord, Stats
from ._partition import KeyedStream, Partition
from ._settings import Batching, Retrying
from ._snapshot import Snapshot
from ._version import VERSION as __version__

__all__ = [
    "SKIP",
    "Batching",
    "Client",
    "Conflict",
    "DataGap",
    "Error",
    "Fenced",
    "KeyedStream",
    "NotOpened",
    "NotRewindable",
    "Partition",
    "Refused",
    "Rejected",
    "RejectedRecord",
    "Retrying",
    "SinkBehind",
    "Snapshot",
    "Stats",
    "Stopped",
    "TooLarge",
    "Unavailable",
    "__version__",
]
